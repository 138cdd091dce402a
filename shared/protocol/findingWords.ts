import type { Finding, Remark } from '../domain/proof/finding.ts';
import { unreachable } from '../lib/unreachable.ts';

type Language = 'zh' | 'en';

/** What is wrong, in a person's words. The first entry that does not hold is named by its number. */
export function findingWords(finding: Finding, language: Language): string {
  return language === 'zh' ? inChinese(finding) : inEnglish(finding);
}

function inEnglish(finding: Finding): string {
  switch (finding.what) {
    case 'commitMissing':
      return finding.found === null
        ? `Room ${finding.room}: entry ${finding.seq} is missing.`
        : `Room ${finding.room}: entry ${finding.seq} is missing; in its place stands entry ${finding.found}.`;
    case 'commitDetached':
      return `Room ${finding.room}: entry ${finding.seq} does not follow from the entry before it. One of the two was replaced.`;
    case 'commitChanged':
      return `Room ${finding.room}: entry ${finding.seq} was changed after it was written.`;
    case 'eventChanged':
      return `Room ${finding.room}: what entry ${finding.seq} shows (${finding.type}) is not what was written there.`;
    case 'textChanged':
      return `Room ${finding.room}: a text in entry ${finding.seq} (${finding.type}) is not the text that was written there.`;
    case 'eventUnreadable':
      return `Room ${finding.room}: entry ${finding.seq} cannot be read.`;
    case 'timeBackwards':
      return `Room ${finding.room}: entry ${finding.seq} bears an earlier time than the entry before it.`;
    case 'commandTwice':
      return `Room ${finding.room}: entry ${finding.seq} is the same act as entry ${finding.first}; it was counted twice.`;
    case 'historyCut':
      return `Room ${finding.room}: the record ends with entry ${finding.end}; entry ${finding.seq} was there before and is gone.`;
    case 'historyReplaced':
      return `Room ${finding.room}: entry ${finding.seq} is another one than the one known before.`;
    case 'draftEntryMissing':
      return `Draft ${finding.draft}: edit ${finding.ordinal} is missing.`;
    case 'draftEntryChanged':
      return `Draft ${finding.draft}: edit ${finding.ordinal} was changed after it was written, or one before it was replaced.`;
    case 'draftEntryUnreadable':
      return `Draft ${finding.draft}: edit ${finding.ordinal} cannot be applied: it is damaged, or rests on one that is not there.`;
    case 'draftTimeBackwards':
      return `Draft ${finding.draft}: edit ${finding.ordinal} bears an earlier time than the edit before it.`;
    case 'draftStranger':
      return `Draft ${finding.draft}: edit ${finding.ordinal} is by somebody who never had a seat in the room.`;
    case 'draftUnknown':
      return `Draft ${finding.draft}: there are edits of it, and no room that has it.`;
    case 'revisionCut':
      return `Draft ${finding.draft}: sealed version ${finding.revision} (entry ${finding.seq} of the room) rests on ${finding.ordinal} edits; fewer are there.`;
    case 'revisionLog':
      return `Draft ${finding.draft}: the edits up to ${finding.ordinal} are not those that sealed version ${finding.revision} (entry ${finding.seq} of the room) rests on.`;
    case 'revisionText':
      return `Draft ${finding.draft}: the edits up to ${finding.ordinal} give another text than sealed version ${finding.revision} (entry ${finding.seq} of the room) says.`;
    case 'shownText':
      return `Draft ${finding.draft}: the text on the page is not the text of the record.`;
    case 'shownCount':
      return `The page says ${finding.shown} (${finding.count}); the record gives ${finding.counted}.`;
    case 'snapshotDamaged':
      return `The saved state of ${finding.kind} ${finding.id} at entry ${finding.position} is damaged. The log itself is read without it.`;
    case 'snapshotDiffers':
      return `The saved state of ${finding.kind} ${finding.id} at entry ${finding.position} is not what the log gives there.`;
    case 'database':
      return `The database is damaged: ${finding.detail}.`;
    case 'indexMissing':
      return `The database lacks ${finding.index}, or has it otherwise.`;
    case 'recordUnreadable':
      return `The record ${finding.id} of kind ${finding.kind} cannot be read.`;
    case 'recordKeys':
      return `The record ${finding.id} of kind ${finding.kind} is not found by what it holds.`;
    case 'fileMissing':
      return `Room ${finding.room}: the content of background file ${finding.file} is missing.`;
    case 'fileChanged':
      return `Room ${finding.room}: the content of background file ${finding.file} is not the one that was brought in.`;
    default:
      return unreachable(finding, 'Something is wrong that this version has no words for.');
  }
}

function inChinese(finding: Finding): string {
  switch (finding.what) {
    case 'commitMissing':
      return finding.found === null
        ? `会商室 ${finding.room}：缺少第 ${finding.seq} 条记录。`
        : `会商室 ${finding.room}：缺少第 ${finding.seq} 条记录，其位置上是第 ${finding.found} 条。`;
    case 'commitDetached':
      return `会商室 ${finding.room}：第 ${finding.seq} 条记录与前一条衔接不上，两条之一被替换过。`;
    case 'commitChanged':
      return `会商室 ${finding.room}：第 ${finding.seq} 条记录写入后被改动过。`;
    case 'eventChanged':
      return `会商室 ${finding.room}：第 ${finding.seq} 条记录显示的内容（${finding.type}）与当时写入的不一致。`;
    case 'textChanged':
      return `会商室 ${finding.room}：第 ${finding.seq} 条记录（${finding.type}）中的文字与当时写入的不一致。`;
    case 'eventUnreadable':
      return `会商室 ${finding.room}：第 ${finding.seq} 条记录无法读取。`;
    case 'timeBackwards':
      return `会商室 ${finding.room}：第 ${finding.seq} 条记录的时间早于前一条。`;
    case 'commandTwice':
      return `会商室 ${finding.room}：第 ${finding.seq} 条与第 ${finding.first} 条是同一个操作，被记了两次。`;
    case 'historyCut':
      return `会商室 ${finding.room}：记录只到第 ${finding.end} 条；先前有过的第 ${finding.seq} 条不见了。`;
    case 'historyReplaced':
      return `会商室 ${finding.room}：第 ${finding.seq} 条记录与先前所知的不是同一条。`;
    case 'draftEntryMissing':
      return `草案 ${finding.draft}：缺少第 ${finding.ordinal} 次编辑。`;
    case 'draftEntryChanged':
      return `草案 ${finding.draft}：第 ${finding.ordinal} 次编辑写入后被改动过，或其前面的编辑被替换过。`;
    case 'draftEntryUnreadable':
      return `草案 ${finding.draft}：第 ${finding.ordinal} 次编辑无法应用：已损坏，或缺少它所依据的编辑。`;
    case 'draftTimeBackwards':
      return `草案 ${finding.draft}：第 ${finding.ordinal} 次编辑的时间早于前一次。`;
    case 'draftStranger':
      return `草案 ${finding.draft}：第 ${finding.ordinal} 次编辑的作者在会商室中从未有过席位。`;
    case 'draftUnknown':
      return `草案 ${finding.draft}：存有它的编辑，却没有会商室包含它。`;
    case 'revisionCut':
      return `草案 ${finding.draft}：定稿 ${finding.revision}（会商室第 ${finding.seq} 条记录）依据 ${finding.ordinal} 次编辑，现存的不足此数。`;
    case 'revisionLog':
      return `草案 ${finding.draft}：至第 ${finding.ordinal} 次的编辑不是定稿 ${finding.revision}（会商室第 ${finding.seq} 条记录）所依据的编辑。`;
    case 'revisionText':
      return `草案 ${finding.draft}：至第 ${finding.ordinal} 次的编辑得出的文本与定稿 ${finding.revision}（会商室第 ${finding.seq} 条记录）不同。`;
    case 'shownText':
      return `草案 ${finding.draft}：页面上的文本不是记录中的文本。`;
    case 'shownCount':
      return `页面显示 ${finding.shown}（${finding.count}），按记录计算为 ${finding.counted}。`;
    case 'snapshotDamaged':
      return `${finding.kind} ${finding.id} 在第 ${finding.position} 条处的快照已损坏。日志本身可以不靠它读取。`;
    case 'snapshotDiffers':
      return `${finding.kind} ${finding.id} 在第 ${finding.position} 条处的快照与日志得出的不一致。`;
    case 'database':
      return `数据库已损坏：${finding.detail}。`;
    case 'indexMissing':
      return `数据库缺少 ${finding.index}，或与应有的不同。`;
    case 'recordUnreadable':
      return `${finding.kind} 类登记 ${finding.id} 无法读取。`;
    case 'recordKeys':
      return `${finding.kind} 类登记 ${finding.id} 的索引与其内容不符。`;
    case 'fileMissing':
      return `会商室 ${finding.room}：背景文件 ${finding.file} 的内容缺失。`;
    case 'fileChanged':
      return `会商室 ${finding.room}：背景文件 ${finding.file} 的内容与当初上传的不一致。`;
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
    case 'filesNotLookedAt':
      return `${remark.files} background files were not looked at: their folder is not beside the database.`;
    default:
      return unreachable(remark, '');
  }
}
