import type { Finding, Remark } from '../domain/proof/finding.ts';
import { unreachable } from '../lib/unreachable.ts';

type Language = 'zh' | 'en';

/** How a sentence begins that is about a room or a draft (nothing, where there is only one), and how it names the type of an event. */
export interface FindingPlace {
  readonly room: (id: string) => string;
  readonly draft: (id: string) => string;
  /** Behind what it is about, with its brackets; nothing for whoever does not know types. */
  readonly type: (type: string) => string;
}

const byId: Readonly<Record<Language, FindingPlace>> = {
  zh: { room: (id) => `会商室 ${id}：`, draft: (id) => `草案 ${id}：`, type: (type) => `（${type}）` },
  en: { room: (id) => `Room ${id}: `, draft: (id) => `Draft ${id}: `, type: (type) => ` (${type})` },
};

/** What is wrong, in a person's words. The first entry that does not hold is named by its number. */
export function findingWords(finding: Finding, language: Language, place: FindingPlace = byId[language]): string {
  const sentence = language === 'zh' ? inChinese(finding, place) : inEnglish(finding, place);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

function inEnglish(finding: Finding, place: FindingPlace): string {
  switch (finding.what) {
    case 'commitMissing':
      return finding.found === null
        ? `${place.room(finding.room)}entry ${finding.seq} is missing.`
        : `${place.room(finding.room)}entry ${finding.seq} is missing; in its place stands entry ${finding.found}.`;
    case 'commitDetached':
      return `${place.room(finding.room)}entry ${finding.seq} does not follow from the entry before it. One of the two was replaced.`;
    case 'commitChanged':
      return `${place.room(finding.room)}entry ${finding.seq} was changed after it was written.`;
    case 'eventChanged':
      return `${place.room(finding.room)}what entry ${finding.seq} shows${place.type(finding.type)} is not what was written there.`;
    case 'textChanged':
      return `${place.room(finding.room)}a text in entry ${finding.seq}${place.type(finding.type)} is not the text that was written there.`;
    case 'eventUnreadable':
      return `${place.room(finding.room)}entry ${finding.seq} cannot be read.`;
    case 'eventMalformed':
      return `${place.room(finding.room)}entry ${finding.seq} says what no room of this version says (${finding.type}, at “${finding.field}”): the file is damaged or of a newer version.`;
    case 'timeBackwards':
      return `${place.room(finding.room)}entry ${finding.seq} bears an earlier time than the entry before it.`;
    case 'commandTwice':
      return `${place.room(finding.room)}entry ${finding.seq} is the same act as entry ${finding.first}; it was counted twice.`;
    case 'historyCut':
      return `${place.room(finding.room)}the record ends with entry ${finding.end}; entry ${finding.seq} was there before and is gone.`;
    case 'historyReplaced':
      return `${place.room(finding.room)}entry ${finding.seq} is another one than the one known before.`;
    case 'purgedRemains':
      return `${place.room(finding.room)}it was removed for good, and entries of it are still there.`;
    case 'checkpointForged':
      return `${place.room(finding.room)}the signed mark of entry ${finding.seq} does not bear the signature of its key.`;
    case 'draftEntryMissing':
      return `${place.draft(finding.draft)}edit ${finding.ordinal} is missing.`;
    case 'draftEntryChanged':
      return `${place.draft(finding.draft)}edit ${finding.ordinal} was changed after it was written, or one before it was replaced.`;
    case 'draftEntryUnreadable':
      return `${place.draft(finding.draft)}edit ${finding.ordinal} cannot be applied: it is damaged, or rests on one that is not there.`;
    case 'draftTimeBackwards':
      return `${place.draft(finding.draft)}edit ${finding.ordinal} bears an earlier time than the edit before it.`;
    case 'draftStranger':
      return `${place.draft(finding.draft)}edit ${finding.ordinal} is by somebody who never had a seat in the room.`;
    case 'draftUnknown':
      return `${place.draft(finding.draft)}there are edits of it, and no room that has it.`;
    case 'revisionCut':
      return `${place.draft(finding.draft)}sealed version ${finding.revision} (entry ${finding.seq} of the room) rests on ${finding.ordinal} edits; fewer are there.`;
    case 'revisionLog':
      return `${place.draft(finding.draft)}the edits up to ${finding.ordinal} are not those that sealed version ${finding.revision} (entry ${finding.seq} of the room) rests on.`;
    case 'revisionText':
      return `${place.draft(finding.draft)}the edits up to ${finding.ordinal} give another text than sealed version ${finding.revision} (entry ${finding.seq} of the room) says.`;
    case 'shownText':
      return `${place.draft(finding.draft)}the text on the page is not the text of the record.`;
    case 'shownComment':
      return `Comment ${finding.comment} on the page is not the comment of the record.`;
    case 'shownSuggestion':
      return `Suggestion ${finding.suggestion} on the page is not the suggestion of the record.`;
    case 'shownCount':
      return `The page says ${finding.shown} (${finding.count}); the record gives ${finding.counted}.`;
    case 'snapshotDamaged':
      return `The saved state of ${finding.kind} ${finding.id} at entry ${finding.position} is damaged. The log itself is read without it.`;
    case 'snapshotDiffers':
      return `The saved state of ${finding.kind} ${finding.id} at entry ${finding.position} is not what the log gives there.`;
    case 'sizeDiffers':
      return `The size kept of ${finding.kind} ${finding.id} is ${finding.kept} bytes; its log has ${finding.counted}.`;
    case 'database':
      return `The database is damaged: ${finding.detail}.`;
    case 'indexMissing':
      return `The database lacks ${finding.index}, or has it otherwise.`;
    case 'recordUnreadable':
      return `The record ${finding.id} of kind ${finding.kind} cannot be read.`;
    case 'recordKeys':
      return `The record ${finding.id} of kind ${finding.kind} is not found by what it holds.`;
    case 'fileMissing':
      return `${place.room(finding.room)}the content of background file ${finding.file} is missing.`;
    case 'fileChanged':
      return `${place.room(finding.room)}the content of background file ${finding.file} is not the one that was brought in.`;
    default:
      return unreachable(finding, 'Something is wrong that this version has no words for.');
  }
}

function inChinese(finding: Finding, place: FindingPlace): string {
  switch (finding.what) {
    case 'commitMissing':
      return finding.found === null
        ? `${place.room(finding.room)}缺少第 ${finding.seq} 条记录。`
        : `${place.room(finding.room)}缺少第 ${finding.seq} 条记录，其位置上是第 ${finding.found} 条。`;
    case 'commitDetached':
      return `${place.room(finding.room)}第 ${finding.seq} 条记录与前一条衔接不上，两条之一被替换过。`;
    case 'commitChanged':
      return `${place.room(finding.room)}第 ${finding.seq} 条记录写入后被改动过。`;
    case 'eventChanged':
      return `${place.room(finding.room)}第 ${finding.seq} 条记录显示的内容${place.type(finding.type)}与当时写入的不一致。`;
    case 'textChanged':
      return `${place.room(finding.room)}第 ${finding.seq} 条记录${place.type(finding.type)}中的文字与当时写入的不一致。`;
    case 'eventUnreadable':
      return `${place.room(finding.room)}第 ${finding.seq} 条记录无法读取。`;
    case 'eventMalformed':
      return `${place.room(finding.room)}第 ${finding.seq} 条记录的内容不是本版本会商室会写下的（${finding.type}，“${finding.field}”处）：文件已损坏，或出自更新的版本。`;
    case 'timeBackwards':
      return `${place.room(finding.room)}第 ${finding.seq} 条记录的时间早于前一条。`;
    case 'commandTwice':
      return `${place.room(finding.room)}第 ${finding.seq} 条与第 ${finding.first} 条是同一个操作，被记了两次。`;
    case 'historyCut':
      return `${place.room(finding.room)}记录只到第 ${finding.end} 条；先前有过的第 ${finding.seq} 条不见了。`;
    case 'historyReplaced':
      return `${place.room(finding.room)}第 ${finding.seq} 条记录与先前所知的不是同一条。`;
    case 'purgedRemains':
      return `${place.room(finding.room)}已彻底删除，但仍留有记录。`;
    case 'checkpointForged':
      return `${place.room(finding.room)}第 ${finding.seq} 条记录处的签名与其公钥不符。`;
    case 'draftEntryMissing':
      return `${place.draft(finding.draft)}缺少第 ${finding.ordinal} 次编辑。`;
    case 'draftEntryChanged':
      return `${place.draft(finding.draft)}第 ${finding.ordinal} 次编辑写入后被改动过，或其前面的编辑被替换过。`;
    case 'draftEntryUnreadable':
      return `${place.draft(finding.draft)}第 ${finding.ordinal} 次编辑无法应用：已损坏，或缺少它所依据的编辑。`;
    case 'draftTimeBackwards':
      return `${place.draft(finding.draft)}第 ${finding.ordinal} 次编辑的时间早于前一次。`;
    case 'draftStranger':
      return `${place.draft(finding.draft)}第 ${finding.ordinal} 次编辑的作者在会商室中从未有过席位。`;
    case 'draftUnknown':
      return `${place.draft(finding.draft)}存有它的编辑，却没有会商室包含它。`;
    case 'revisionCut':
      return `${place.draft(finding.draft)}定稿 ${finding.revision}（会商室第 ${finding.seq} 条记录）依据 ${finding.ordinal} 次编辑，现存的不足此数。`;
    case 'revisionLog':
      return `${place.draft(finding.draft)}至第 ${finding.ordinal} 次的编辑不是定稿 ${finding.revision}（会商室第 ${finding.seq} 条记录）所依据的编辑。`;
    case 'revisionText':
      return `${place.draft(finding.draft)}至第 ${finding.ordinal} 次的编辑得出的文本与定稿 ${finding.revision}（会商室第 ${finding.seq} 条记录）不同。`;
    case 'shownText':
      return `${place.draft(finding.draft)}页面上的文本不是记录中的文本。`;
    case 'shownComment':
      return `页面上的第 ${finding.comment} 条留言不是记录中的留言。`;
    case 'shownSuggestion':
      return `页面上的第 ${finding.suggestion} 项意见建议不是记录中的意见建议。`;
    case 'shownCount':
      return `页面显示 ${finding.shown}（${finding.count}），按记录计算为 ${finding.counted}。`;
    case 'snapshotDamaged':
      return `${finding.kind} ${finding.id} 在第 ${finding.position} 条处的快照已损坏。日志本身可以不靠它读取。`;
    case 'snapshotDiffers':
      return `${finding.kind} ${finding.id} 在第 ${finding.position} 条处的快照与日志得出的不一致。`;
    case 'sizeDiffers':
      return `${finding.kind === 'room' ? '会商室' : '草案'} ${finding.id} 所记的大小为 ${finding.kept} 字节，实际为 ${finding.counted} 字节。`;
    case 'database':
      return `数据库已损坏：${finding.detail}。`;
    case 'indexMissing':
      return `数据库缺少 ${finding.index}，或与应有的不同。`;
    case 'recordUnreadable':
      return `${finding.kind} 类登记 ${finding.id} 无法读取。`;
    case 'recordKeys':
      return `${finding.kind} 类登记 ${finding.id} 的索引与其内容不符。`;
    case 'fileMissing':
      return `${place.room(finding.room)}背景文件 ${finding.file} 的内容缺失。`;
    case 'fileChanged':
      return `${place.room(finding.room)}背景文件 ${finding.file} 的内容与当初上传的不一致。`;
    default:
      return unreachable(finding, '有一处不对，本版本还没有相应的说法。');
  }
}

/** What should be known and is no damage, in a person's words. */
export function remarkWords(remark: Remark): string {
  switch (remark.what) {
    case 'snapshotOfAnotherVersion':
      return `The saved state of ${remark.kind} ${remark.id} at entry ${remark.position} is of another version; it is not used.`;
    case 'unsealedTail':
      return `Draft ${remark.draft}: the room is closed, and ${remark.entries} entries stand behind the last sealed version.`;
    case 'checkpointKeys':
      return `${remark.checkpoints} signed marks, by ${remark.keys.join(', ')}; compare with the key you know.`;
    case 'roomsPurged':
      return `${remark.rooms} rooms were deleted and removed for good; of each it is known when, and how its log ended.`;
    case 'purgeUnfinished':
      return `Room ${remark.room} is being removed for good; the server goes on with it when it runs.`;
    case 'arrivalUnfinished':
      return `Room ${remark.room} was being brought in from a file and is not all there; the server removes what there is when it starts, and it can be brought in again.`;
    case 'erasureUnfinished':
      return `Room ${remark.room}: ${remark.texts} texts were erased and are still stored; nobody is shown them, and the server takes them out when it runs.`;
    case 'filesNotLookedAt':
      return `${remark.files} background files were not looked at: their folder is not beside the database.`;
    default:
      return unreachable(remark, '');
  }
}
