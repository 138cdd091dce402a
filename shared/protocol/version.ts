/**
 * The version of what crosses the wires. A client of another version is told to reload before anything else.
 * History, newest first:
 * 3  times are of the years 1900 to 2200; suggestions in one's own words; a sign-in by a personal link counts in its room only
 *    (`linkRoomOnly`, `Me.onlyRoom`); names that mislead the eye are refused (`nameInvisible`, `nameMixed`); what is stored and
 *    damaged is refused by name (`damaged`); presence comes in differences; pages are told in a lean form, a snapshot may come with
 *    the commits behind it; pages of logs end where their bytes do and say what to ask for next (`busy`, `historyTooLarge`); an
 *    update that costs too much to take in is refused (4423).
 * 2  suggestions, pause, schedule, archive and deletion, files, several drafts with titles and numbered clauses, mentions,
 *    recorded speech, held comments, slow mode; labels of people.
 * 1  rooms, commands, catch-up, presence; drafts with durable acknowledgements and standing.
 */
export const PROTOCOL_VERSION = 3;
