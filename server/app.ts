import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:http';
import express from 'express';
import helmet from 'helmet';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { AppOptions } from './appOptions.ts';
import { Accounts } from './access/accounts.ts';
import { CommandPace } from './access/commandPace.ts';
import { Connections } from './access/connections.ts';
import { Invitations } from './access/invitations.ts';
import { hostKnown } from './access/origins.ts';
import { People } from './access/people.ts';
import { KnownDevices } from './access/knownDevices.ts';
import { PersonalLinks } from './access/personalLinks.ts';
import { RoomQuota } from './access/roomQuota.ts';
import { Roster } from './access/roster.ts';
import { passingCheckpointKey } from './access/checkpointKey.ts';
import { Checkpoints } from './rooms/checkpoints.ts';
import { Consequences } from './rooms/consequences.ts';
import { welcomeRecord } from './rooms/recordImport.ts';
import { commandMac, newId, newSalt } from './access/secrets.ts';
import { Sessions } from './access/sessions.ts';
import { Unjoined } from './access/unjoined.ts';
import type { Drafts } from './drafts/drafts.ts';
import { createDrafts } from './drafts/drafts.ts';
import { writeFirstDocument } from './drafts/firstDocument.ts';
import { writeFirstText } from './drafts/firstText.ts';
import { Histories } from './drafts/histories.ts';
import { Packer } from './drafts/packer.ts';
import { clearIncoming } from './files/incoming.ts';
import { RoomFiles } from './files/roomFiles.ts';
import { accountRoutes } from './http/accountRoutes.ts';
import { addressRoutes } from './http/addressRoutes.ts';
import { recordRoutes } from './http/recordRoutes.ts';
import { checkpointRoutes } from './http/checkpointRoutes.ts';
import { calendarRoutes } from './http/calendarRoutes.ts';
import { erasureRoutes } from './http/erasureRoutes.ts';
import { exportRoutes } from './http/exportRoutes.ts';
import { fileRoutes } from './http/fileRoutes.ts';
import { firstSightRoutes } from './http/firstSightRoutes.ts';
import { healthRoutes } from './http/health.ts';
import { historyRoutes } from './http/historyRoutes.ts';
import { outcomeRoutes } from './http/outcomeRoutes.ts';
import { roomGate } from './http/inRoom.ts';
import { personalLinkRoutes } from './http/personalLinkRoutes.ts';
import { roomRoutes } from './http/roomRoutes.ts';
import { rosterRoutes } from './http/rosterRoutes.ts';
import { ReadingBudget } from './http/readingBudget.ts';
import type { Route } from './http/route.ts';
import { addressReader, answerError, forPages } from './http/requestEdges.ts';
import { sampleRoutes } from './http/sampleRoutes.ts';
import { suspensionRoutes } from './http/suspensionRoutes.ts';
import { mount } from './http/route.ts';
import { endSlowReaders } from './http/slowResponses.ts';
import { measuredJournal, measuredLog } from './metrics/measured.ts';
import type { Levels } from './metrics/meters.ts';
import { noMeters } from './metrics/meters.ts';
import { fillFromPattern, patternOf, whyNoCopy } from './rooms/copyRoom.ts';
import { followOtherProcesses } from './otherProcesses.ts';
import { readDraft } from './rooms/draftReading.ts';
import { Arrivals } from './rooms/arrivals.ts';
import { changesListing, RoomCards } from './rooms/cards.ts';
import { draftAccess } from './rooms/draftAccess.ts';
import { DraftSizes } from './rooms/draftSizes.ts';
import { Purge } from './rooms/purge.ts';
import { PurgedRooms } from './rooms/purgedRooms.ts';
import { Erasures } from './rooms/erasures.ts';
import { FirstSights } from './rooms/firstSights.ts';
import { PersonErasure } from './rooms/personErasure.ts';
import type { LiveRoom } from './rooms/liveRoom.ts';
import { Rooms } from './rooms/rooms.ts';
import { SizeWatch } from './rooms/sizeWatch.ts';
import { Suspensions } from './rooms/suspensions.ts';
import type { SampleParts } from './rooms/sampleRoom.ts';
import { ensureSampleRooms } from './rooms/sampleRoom.ts';
import { SampleVisits } from './rooms/sampleVisits.ts';
import { createDraftDoor } from './socket/draftDoor.ts';
import { createRoomDoor } from './socket/roomDoor.ts';
import { createGroupCommit } from './store/groupCommit.ts';
import './nativeHash.ts';
import { StoreHealth } from './storeHealth.ts';

export interface App {
  readonly http: HttpServer;
  readonly routes: readonly Route[];
  readonly drafts: Drafts;
  readonly rooms: Rooms;
  /** Removes deleted rooms for good; it runs by itself every hour. */
  readonly purge: Purge;
  /** What can be read off at any moment. */
  readonly levels: Levels;
  /** Secret of the link that creates the first administrator; null where there is one. */
  readonly setupSecret: string | null;
  /** What must follow from the commits of rooms. */
  readonly consequences: Consequences;
  /** Resolves when what an earlier process left undone is done, or was found not to be possible now. */
  readonly started: Promise<void>;
  /** Lets nobody and nothing in any more: no new connection, no new frame or command of those there are. */
  stopAccepting(): void;
  /** Says goodbye, waits for what is under way, and closes the store. */
  close(): Promise<void>;
}

/** Puts the parts of one process together. Nothing here reads the environment; main.ts does. */
export async function createApp(options: AppOptions): Promise<App> {
  const { store, limits, now, origins } = options;
  const meters = options.meters ?? noMeters;
  const log = measuredLog(options.log, meters);
  const health = new StoreHealth(store, log, (storing) => {
    roomDoor.tellStoring(storing);
    if (storing) consequences.retry();
  });
  const onStoreFailed = (error: unknown): void => health.failed(error);
  const commits = createGroupCommit(measuredJournal(store.journal, meters), { turnMs: 5 });
  const { journal, snapshots, records, erasing, packing } = store;

  const accounts = new Accounts(records, limits, now);
  const people = new People(records, now);
  const sessions = new Sessions(records, accounts, people, origins.publicUrl?.protocol === 'https:', now);
  const devices = new KnownDevices(options.key, origins.publicUrl?.protocol === 'https:');
  const invitations = new Invitations(records, now);
  const links = new PersonalLinks(records, options.key, now);
  const roster = new Roster(options.key, people, accounts, links);
  const connections = new Connections();
  const cards = new RoomCards(records, 1_000, onStoreFailed);
  const quota = new RoomQuota(people, async (roomId) => (await cards.get(roomId)) !== null, limits);
  const pace = new CommandPace(limits, now);
  const purged = new PurgedRooms(records);
  const draftSizes = new DraftSizes(records, journal, onStoreFailed);

  const consequences: Consequences = new Consequences({
    ...{ journal, records },
    drafts: () => drafts,
    rooms: () => rooms,
    onFailed: onStoreFailed,
  });

  /** A commit that ends somebody's right to write is acknowledged only behind a barrier in every draft it concerns. */
  async function afterCommit(room: LiveRoom, seq: number, events: readonly RoomEvent[]): Promise<void> {
    drafts.rightsChanged(room.id);
    erasures.changed(room.id, events);
    if (events.some(changesListing)) await cards.flush();
    await consequences.follow(room, seq, events);
  }

  const rooms: Rooms = new Rooms({
    journal,
    snapshots,
    commits,
    mac: commandMac(options.key),
    now,
    newId,
    newSalt,
    limits,
    idleMs: options.idleMs,
    isAway: async (roomId): Promise<boolean> => (await purged.has(roomId)) || arrivals.has(roomId),
    draftSizes: (roomId, draftIds) => draftSizes.of(roomId, draftIds),
    afterCommit,
    markEnds: (room, events) => consequences.markEnds(room, events),
    onLoaded: (room) => consequences.recover(room),
    onLeaving: (room) => consequences.leave(room),
    onStoreFailed,
    onPublication: (room) => {
      cards.changed(room.id, room.position);
      sizes.look(room);
      checkpoints.changed(room.id, room.state.status === 'closed');
    },
  });

  const checkpoints = new Checkpoints({
    journal,
    records,
    now,
    key: options.checkpointKey ?? passingCheckpointKey(),
    keep: options.keepCheckpoint ?? (() => Promise.resolve()),
    onFailed: onStoreFailed,
  });
  const roomFiles = new RoomFiles(options.files, records, rooms, now);

  const suspensions = new Suspensions({ records, accounts, sessions, connections, people, rooms, now, onFailed: onStoreFailed });

  const drafts = createDrafts({
    journal,
    snapshots,
    commits,
    limits,
    now,
    newSalt,
    log,
    meters,
    onStoreFailed,
    ...(options.draftIdleMs === undefined ? {} : { idleMs: options.draftIdleMs }),
    onSize: (roomId, draftId, head) => {
      draftSizes.note(roomId, draftId, head);
      packer.grew(draftId, head.ordinal);
      const room = rooms.loaded(roomId);
      room?.draftGrew(draftId, head.logBytes);
      if (room !== null) sizes.look(room);
    },
    access: draftAccess(rooms, () => sizes),
  });

  const sizes = new SizeWatch(limits, (room, fullChanged) => {
    roomDoor.tellSize(room.id);
    if (fullChanged) drafts.rightsChanged(room.id);
  });
  const histories = new Histories(journal, { mostBytes: limits.historyBytes, now });
  const erasures = new Erasures({ journal, erasing, records, files: roomFiles, rooms, drafts, histories, now, onFailed: onStoreFailed });
  const persons = new PersonErasure({
    ...{ records, accounts, sessions, connections, people, links, invitations, rooms, erasures, now },
    onFailed: onStoreFailed,
  });
  const packer = new Packer({ journal, snapshots, packing, records, log });
  const app = express();
  app.disable('x-powered-by');
  const slowReaders = endSlowReaders(limits.outgoingStallMs, () => performance.now());
  app.use(slowReaders.watch);
  app.set('trust proxy', options.trustedProxies);
  const addressOf = addressReader(options.trustedProxies);
  const http = createServer(app);
  // A sender who takes longer for the head of a request does not mean to ask for anything.
  http.headersTimeout = 15_000;
  const unjoined = new Unjoined(limits.unjoinedSocketsPerAddress);
  const shared = { rooms, people, sessions, connections, origins, limits, now, addressOf, unjoined, log, meters };
  const submit: Erasures['submit'] = (...given) => erasures.submit(...given);
  const roomDoor = createRoomDoor(http, { ...shared, pace, purged, submit, onStoreFailed, storing: () => health.storing });
  const draftDoor = createDraftDoor({ ...shared, drafts, ...(options.askMs === undefined ? {} : { askMs: options.askMs }) });

  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path.startsWith('/yjs/')) draftDoor.upgrade(request, socket, head);
    else if (!path.startsWith('/socket.io')) socket.destroy();
  });

  const endRoom = async (roomId: string, forGood: boolean): Promise<void> => {
    roomDoor.endRoom(roomId);
    await drafts.endRoom(roomId, forGood);
    await draftSizes.forget(roomId);
  };
  const removing = { removal: store.removal, records, files: roomFiles, cards, rooms, now, onFailed: onStoreFailed };
  const purge = new Purge({ ...removing, journal, snapshots, purged, people, sessions, connections, erasures, endRoom });
  const arrivals = new Arrivals({ ...removing, endRoom: (roomId) => endRoom(roomId, false) });

  const sampleParts: SampleParts = {
    ...{ records, rooms, people, cards },
    writeFirstText: (draftId, paragraphs, quotes) => writeFirstText({ commits, now, newSalt }, draftId, paragraphs, quotes),
  };
  const visits = new SampleVisits({
    ...sampleParts,
    accounts,
    sessions,
    connections,
    drafts,
    limits,
    now,
    watching: (roomId) => roomDoor.socketsIn(roomId),
    attend: (roomId, participantId) => roomDoor.attend(roomId, participantId),
    purge: (roomId) => purge.purge(roomId, true),
    onFailed: onStoreFailed,
    pace: options.simulationPace ?? 1,
  });
  let sampleRoomIds: ReadonlySet<string> = new Set();
  const inRoom = roomGate({ rooms, people, purged });
  const beginning: Drafts['beginning'] = (...given) => drafts.beginning(...given);
  const nameOf = async (id: string): Promise<string> => (await people.get(id))?.displayName ?? '';
  const sights = new FirstSights({ beginning, nameOf, now });
  const routes: readonly Route[] = [
    ...accountRoutes({ accounts, sessions, invitations, people, connections, devices, limits, now }),
    ...addressRoutes({ addresses: options.addresses ?? (() => []) }),
    ...rosterRoutes({ rooms, people, purged, roster, links, sessions, connections, limits }),
    ...personalLinkRoutes({ rooms, people, accounts, links, sessions, connections, limits, now }),
    ...roomRoutes({
      patternFor: async (roomId, identity) => {
        const { actor } = await people.actorIn(roomId, identity);
        return rooms.with(roomId, async (room) => {
          const why = room.isGone ? ({ code: 'roomDeleted' } as const) : whyNoCopy(room.state, actor);
          return why ?? patternOf(room, drafts);
        });
      },
      fillFrom: (room, maker, pattern) =>
        fillFromPattern(room, maker, pattern, (draftId, document) => writeFirstDocument({ commits, now, newSalt }, draftId, document)),
      rooms,
      purged,
      cards,
      people,
      accounts,
      sessions,
      connections,
      invitations,
      quota,
      limits,
      now,
      presenceOf: (roomId) => roomDoor.presenceOf(roomId),
      drafts: { readDraft: (_roomId, draftId, room) => readDraft(drafts, room, draftId) },
      isSample: (roomId) => sampleRoomIds.has(roomId),
    }),
    ...exportRoutes({ inRoom, drafts }),
    ...calendarRoutes({ inRoom }),
    ...recordRoutes({
      inRoom,
      limits,
      sources: {
        entries: (draft, after, limit, mostBytes) => histories.entries(draft, after, limit, mostBytes),
        checkpoints: (roomId) => checkpoints.of(roomId),
        people: (roomId) => people.inRoom(roomId),
        files: options.files,
        now,
      },
      places: { journal, records, files: options.files, purged, arrivals, now },
      arrived: (roomId) => welcomeRecord({ rooms, cards, checkpoints }, roomId),
    }),
    ...checkpointRoutes({ inRoom, checkpoints }),
    ...fileRoutes({ inRoom, files: roomFiles, limits, incomingDir: options.incomingDir }),
    ...suspensionRoutes({ suspensions, limits }),
    ...erasureRoutes({ inRoom, histories, people, rooms, accounts, sessions, erasures, persons, limits, now }),
    ...sampleRoutes({ visits }),
    ...historyRoutes({ inRoom, histories, people }),
    ...firstSightRoutes({ inRoom, sights, nameOf, presenceOf: (roomId) => roomDoor.presenceOf(roomId)?.view }),
    ...outcomeRoutes({ inRoom, people, now, document: (roomId, draftId) => drafts.document(roomId, draftId) }),
  ];

  app.use(healthRoutes(health));
  const overHttps = origins.publicUrl?.protocol === 'https:';
  // On plain HTTP browsers only complain about these two.
  app.use(helmet({ contentSecurityPolicy: false, strictTransportSecurity: overHttps, crossOriginOpenerPolicy: overHttps }));
  app.use((request, response, next) => {
    if (hostKnown(request, origins)) next();
    else response.status(421).type('text').send('This installation does not answer to that host name.\n');
  });
  const api = express.Router();
  // Answers are data: opened as a page, or in a frame, they may do nothing. Files say more exactly what they may.
  api.use((_request, response, next) => {
    response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    next();
  });
  api.use(express.json({ limit: limits.messageBytes, strict: true }));
  const budget = new ReadingBudget(limits);
  // Answers are read once and hold what was said a moment ago: a digest of each, to answer that nothing has changed, costs as much as the answer.
  app.disable('etag');
  mount(api, routes, { identify: (request) => sessions.identify(request), addressOf, origins, pace, budget, onStoreFailed, meters });
  api.use((_request, response) => void response.status(404).json({ rejection: { code: 'notFound' } }));
  app.use('/api', api);
  if (options.pages !== null) app.use(forPages(addressOf), options.pages);
  app.use(answerError(log));

  await clearIncoming(options.incomingDir);
  await purge.resume();
  await arrivals.resume();
  await cards.catchUp(journal, snapshots);
  sampleRoomIds = await ensureSampleRooms(sampleParts);
  const setupSecret = await accounts.prepareSetup();
  const hourMs = 3_600_000;
  // A sign-in that runs out takes its connections with it, like one that is ended.
  const endRunOut = async (): Promise<void> => connections.endSessions(await sessions.stillUsed(connections.sessionIds()));
  /** Goes on with what was begun and interrupted; what fails of it keeps nothing of the rest from its turn. */
  const finish = async (): Promise<void> => {
    for (const begun of [consequences, suspensions, persons, erasures, checkpoints]) await begun.sweep().catch(onStoreFailed);
  };
  const finishing = finish();
  const jobs: readonly (readonly [everyMs: number, work: () => Promise<unknown>])[] = [
    [hourMs, () => Promise.all([sessions.sweep(), invitations.sweep(), packer.hourly(now())])],
    [
      hourMs,
      () =>
        purge
          .sweep()
          .catch(onStoreFailed)
          .then(() => arrivals.sweep()),
    ],
    [hourMs, finish],
    [24 * hourMs, () => roomFiles.sweep()],
    [options.lookMs ?? 60_000, () => endRunOut().then(() => visits.sweep())],
  ];
  const timers = jobs.map(([everyMs, work]) => setInterval(() => void work().catch(onStoreFailed), everyMs).unref());

  const endFollowing = followOtherProcesses({ store, rooms, drafts, sessions, connections, storing: () => health.storing, onStoreFailed });

  return {
    http,
    routes,
    drafts,
    rooms,
    purge,
    consequences,
    started: finishing,
    levels: {
      roomConnections: () => roomDoor.roles(),
      draftConnections: () => drafts.counts().roles,
      rooms: () => rooms.size,
      drafts: () => drafts.counts().openDrafts,
      diverged: () => drafts.counts().diverged,
      storing: () => health.storing,
    },
    setupSecret,
    stopAccepting: () => {
      draftDoor.close();
      void roomDoor.close();
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      endFollowing();
      health.close();
      visits.close();
      slowReaders.close();
      draftDoor.close();
      histories.close();
      await consequences.idle();
      await Promise.all([drafts.closeAll(), packer.close()]);
      await finishing.then(() => erasures.work());
      await roomDoor.close();
      http.closeAllConnections();
      await cards.flush();
      await draftSizes.flush();
      await rooms.close();
      await commits.idle();
      await checkpoints.signDue();
      await options.files.close();
      await store.close();
    },
  };
}
