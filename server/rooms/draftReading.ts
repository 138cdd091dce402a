import type { Comment } from '#shared/domain/state.ts';
import type { Drafts } from '../drafts/drafts.ts';
import type { LiveRoom } from './liveRoom.ts';

/** A draft's durable text, its hash, and where each comment on it stands now, as the server answers it for everybody. */
export async function readDraft(drafts: Drafts, room: LiveRoom, draftId: string): Promise<unknown> {
  const anchored: { comment: number; anchor: { runs: [number, number, number][]; quote: string; before: string; after: string } }[] = [];
  for (const comment of room.state.comments as Iterable<Comment>) {
    const { anchor, number, status } = comment;
    if (anchor === null || anchor.draftId !== draftId || status !== 'published') continue;
    const runs = anchor.runs.map((run): [number, number, number] => [...run]);
    const { quote, before, after } = anchor;
    anchored.push({
      comment: number,
      anchor: { runs, quote: quote.text ?? '', before: before.text ?? '', after: after.text ?? '' },
    });
  }
  const text = await drafts.read(room.id, draftId);
  const places = await drafts.resolve(
    room.id,
    draftId,
    anchored.map(({ anchor }) => anchor),
  );
  return { ...text, anchors: anchored.map(({ comment }, index) => ({ comment, ...places[index] })) };
}
