export interface SuggestionWords {
  readonly ask: string;
  readonly problem: string;
  readonly reason: string;
}

const ASKS = /建议|应当|应该|希望|请|必须|需要|不如|能否|可以|\b(should|must|please|suggest|propose|ask|let us|could|need)\b/iu;
const REASONS = /^(因为|由于|理由|这样|以便|毕竟)|\b(because|since|so that|therefore)\b/iu;
const PROBLEMS = /问题|目前|现在|缺|难|不便|没有|太|\b(problem|today|now|missing|lack|difficult|no longer|too)\b/iu;

/**
 * A first filling of the form from what somebody said: which of his sentences asks, which says what is wrong, which says why.
 * Not a word is added, and what was said in one sentence is the ask. The recorder corrects it; the author is asked afterwards.
 */
export function prefill(said: string): SuggestionWords {
  const sentences = sentencesOf(said);
  if (sentences.length < 2) return { ask: said.trim(), problem: '', reason: '' };
  const found = sentences.findIndex((sentence) => ASKS.test(sentence) && !REASONS.test(sentence));
  const ask = Math.max(0, found);
  const rest = sentences.filter((_, index) => index !== ask);
  const reason = rest.filter((sentence) => REASONS.test(sentence));
  const problem = rest.filter((sentence) => !REASONS.test(sentence) && PROBLEMS.test(sentence));
  return { ask: sentences[ask] ?? '', problem: problem.join(' '), reason: reason.join(' ') };
}

function sentencesOf(text: string): readonly string[] {
  const parts = text.match(/[^。！？；!?;\n.]+(?:\.(?=\d)[^。！？；!?;\n.]+)*[。！？；!?;.]*/gu) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
