import type { Plan } from './plan.ts';

/** The English rooms of the demonstration. */
export const plansEn: readonly Plan[] = [
  {
    title: 'What the shared kitchen is for after nine',
    question: 'The kitchen is booked out in the evening. Who may use it after nine, and what for?',
    background:
      'Sixty-four members, one kitchen. The house wants one page of rules everybody can live with. (Demonstration; the people are simulated.)',
    visibility: 'public',
    whoComments: 'participants',
    people: {
      recorder: { name: 'Rae, recorder (simulated)', role: 'recorder' },
      amir: { name: 'Amir, second floor (simulated)', role: 'member' },
      bea: { name: 'Bea, night shift (simulated)', role: 'member' },
      cole: { name: 'Cole, house meeting (simulated)', role: 'member' },
      dot: { name: 'Dot, next to the kitchen (simulated)', role: 'member' },
    },
    clauses: [
      'The kitchen is open to every member until eleven; after nine nothing is fried and no machine runs.',
      'Whoever cooks after nine leaves the hob, the sink and the floor as they were found.',
      'One evening a month is kept free for a meal everybody is invited to.',
    ],
    comments: [
      {
        by: 'dot',
        stance: 'for',
        quote: 'no machine runs',
        body: 'The extractor is what keeps me awake. No machines after nine, please.',
        support: ['amir', 'cole'],
      },
      { by: 'bea', answers: 1, stance: 'for', body: 'Fine with me: I only warm things up.' },
      {
        by: 'bea',
        stance: 'against',
        quote: 'until eleven',
        body: 'I come home at half past eleven. Can the night shift have a shelf and a microwave?',
        support: ['amir'],
      },
      { by: 'dot', answers: 3, stance: 'against', body: 'A microwave beeps. Elsewhere, yes; in the kitchen, no.' },
      { by: 'cole', answers: 3, stance: 'reservation', body: 'What about the laundry room? It has a door.' },
      {
        by: 'amir',
        stance: 'for',
        quote: 'a meal everybody is invited to',
        body: 'Last year the first Friday worked well.',
        support: ['bea', 'cole', 'dot'],
      },
      {
        by: 'cole',
        enteredBy: 'recorder',
        body: '(said in the meeting) Whoever eats washes up; that rule ended every quarrel we had.',
        support: ['dot', 'amir', 'bea'],
      },
    ],
    suggestions: [
      { ask: 'No extractor, blender or mixer after nine.', from: [1, 2], confirmedBy: ['dot', 'bea'], support: ['amir', 'cole'] },
      {
        ask: 'A shelf and a microwave for the night shift in the laundry room.',
        from: [3, 5],
        confirmedBy: ['bea', 'cole'],
        support: ['amir'],
      },
      {
        ask: 'The first Friday of each month is the shared meal; whoever eats washes up.',
        from: [6, 7],
        confirmedBy: ['amir'],
        support: ['bea', 'cole', 'dot'],
      },
    ],
    ending: 'closed',
  },
  {
    title: 'Where the bus stops on market days',
    question: 'On Saturdays the market closes Bridge Street. Where does line 4 stop instead?',
    background: 'About two hundred people get on at the market each Saturday. (Demonstration; the people are simulated.)',
    visibility: 'public',
    whoComments: 'participants',
    people: {
      ivo: { name: 'Ivo, line 4 (simulated)', role: 'member' },
      jun: { name: 'Jun, market stalls (simulated)', role: 'member' },
      kit: { name: 'Kit, walks with a frame (simulated)', role: 'member' },
      onlooker: { name: 'Lou, watching (simulated)', role: 'observer' },
      recorder: { name: 'Rae, recorder (simulated)', role: 'recorder' },
    },
    clauses: [
      'On market days line 4 stops at the church, not farther than one hundred metres from the first stall.',
      'The stop has a bench, a shelter and a timetable that can be read from a wheelchair.',
      'The change is announced at every stop of the line four weeks before it begins.',
    ],
    comments: [
      {
        by: 'kit',
        stance: 'for',
        quote: 'not farther than one hundred metres',
        body: 'A hundred metres is what I can walk with bags. Not more, please.',
        support: ['jun', 'ivo'],
      },
      { by: 'ivo', answers: 1, body: 'The church is at eighty metres. I measured it.' },
      { by: 'jun', stance: 'reservation', quote: 'a bench, a shelter', body: 'The shelter must not stand where the fish stall unloads.' },
      {
        by: 'onlooker',
        stance: 'against',
        quote: 'four weeks before',
        body: 'Four weeks is long. Two are enough, and then people remember.',
        support: ['jun'],
      },
    ],
    suggestions: [
      {
        ask: 'The stop is at the church, at most one hundred metres from the first stall.',
        from: [1, 2],
        confirmedBy: ['kit'],
        support: ['jun'],
      },
      { ask: 'The shelter stands on the church side, clear of the unloading bay.', from: [3] },
    ],
    ending: 'open',
  },
  {
    title: 'How the library spends its Sunday hours',
    question: 'We can pay for four more hours a week. When should they be?',
    background: 'Visits by hour are in the table the library sent round. (Demonstration; the people are simulated.)',
    visibility: 'public',
    people: { eve: { name: 'Eve, librarian (simulated)', role: 'member' }, finn: { name: 'Finn, parent (simulated)', role: 'member' } },
    clauses: ['The library opens on Sundays from one to five.', 'From October to March two of these hours are for families.'],
    comments: [
      { by: 'finn', stance: 'for', quote: 'for families', body: 'Reading aloud needs a room where nobody minds noise.', support: ['eve'] },
      { by: 'eve', answers: 1, body: 'The reading room upstairs is free on Sundays.' },
    ],
    ending: 'locked',
  },
  {
    title: 'Street trees on Mill Lane',
    question: 'Which trees, and who waters them in the first two summers?',
    background: 'Settled last spring and kept for reference. (Demonstration; the people are simulated.)',
    visibility: 'public',
    people: { gus: { name: 'Gus, parks (simulated)', role: 'member' }, hana: { name: 'Hana, Mill Lane 4 (simulated)', role: 'member' } },
    clauses: [
      'Twelve field maples are planted between numbers 2 and 40.',
      'Residents water them for two summers; the town lends the bags.',
    ],
    comments: [
      {
        by: 'hana',
        stance: 'for',
        quote: 'Residents water them',
        body: 'Our side of the street has signed up for all of July.',
        support: ['gus'],
      },
    ],
    suggestions: [
      { ask: 'A list at the corner shop says who waters which tree in which week.', from: [1], confirmedBy: ['hana'], support: ['gus'] },
    ],
    ending: 'archived',
  },
];
