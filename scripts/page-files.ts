import type { Plugin, Rolldown } from 'vite';

type Context = Parameters<Rolldown.CodeSplittingNameFunction>[1];

const isPage = /[\\/]routes[\\/].*\+(?:page|layout|error)\.(?:svelte|ts)$/;
const isRuntime = /node_modules[\\/](svelte|@sveltejs[\\/]kit|esm-env|clsx|devalue)[\\/]/;
/** What so many pages and layouts need comes with each. */
const MANY_PAGES = 5;
/** The layout of all pages: what it needs is part of every page. */
const isEverywhere = /[\\/]src[\\/]routes[\\/]\+layout\.(?:svelte|ts)$/;
const isRoomPage = /[\\/]routes[\\/]rooms[\\/]\[id\][\\/]\+page\.(?:svelte|ts)$/;
/** Words are a file for each language; they are in none of these. */
const isWords = /\?words=|Words\.(?:en|zh)\.ts$/;
/** What reads foreign files, draws codes and plays a history is large and rarely wanted: it comes when asked for. */
const isRare =
  /node_modules[\\/](?!(?:@tiptap|prosemirror-|y-|yjs|lib0|socket\.io|engine\.io|@socket\.io|svelte|@sveltejs|esm-env|clsx|devalue|@lucide))|lib[\\/](?:history|record|sample)[\\/]|drafts[\\/]reading[\\/]|protocol[\\/]outcome|domain[\\/]proof/;
/** What a room fetches as soon as it has nothing else to do. */
const isIdleRoot =
  /lib[\\/]drafts[\\/](?:tableEditing|cursors|pasteCleaning)\.ts$|lib[\\/]drafts[\\/](?:DraftNews|FindBar|LinkForm|TableTools|Outline)\.svelte$|lib[\\/]room[\\/](?:CommentActions|CommentMenu|PauseNotice|NextStepButton|RoomMenu|Remote|SteeringLog|FilterPanel|SearchBar)\.svelte$|lib[\\/]suggestions[\\/](?:SuggestionBoard|AskedNotice|GatherSelected)\.svelte$|lib[\\/](?:preparing[\\/]BackgroundFiles|ui[\\/](?:OfferClock|MenuList|DialogPanel))\.svelte$|shared[\\/]document[\\/]text\.ts$/;

/**
 * Names the file that a module of the pages goes into, by who asks for it: a request costs a slow line half a second whatever it brings, so
 * what is needed together comes together. What a module needs is asked for by all who ask for it: so files never need each other in a ring.
 *   site          the runtime, and what many pages need
 *   room          what the live page of a room, and no other page, needs to be drawn and written in: editor and wires with it
 *   draft         of that what another page fetches later: drafts without an editor
 *   inside        what that page shares with few others
 *   room-idle     what a room fetches when nothing else is to be done
 *   room-asked    dialogs and the like, when somebody asks for them
 *   beside        what the room fetches later and few other pages at once
 *   later         what other pages fetch too once they are idle; it holds nothing of the room's own, which they would fetch with it
 * @returns the name of the file, or null where the bundler may decide
 */
export function pageFiles(): Rolldown.CodeSplittingNameFunction {
  const known = new Map<string, string | null>();
  return (id, context) => {
    if (!known.has(id)) known.set(id, fileOf(id, context));
    return known.get(id) ?? null;
  };
}

function fileOf(id: string, context: Context): string | null {
  if (isWords.test(id) || isPage.test(id) || /[\\/]\.svelte-kit[\\/]/.test(id)) return null;
  // The framework finds its own beginnings by their files.
  if (/runtime[\\/]client[\\/](?:entry|client-entry|payload)\.js/.test(id)) return null;
  if (isRuntime.test(id)) return 'site';
  const pages = pagesOf(above(id, context, 'static'));
  const asking = pagesOf(above(id, context, 'all'));
  if (pages.length >= MANY_PAGES || pages.some((page) => isEverywhere.test(page))) return 'site';
  if (!asking.some(isRooms)) return null;
  if (pages.some(isRooms)) return asking.every(isRooms) ? 'room' : pages.every(isRooms) ? 'draft' : 'inside';
  if (isRare.test(id)) return null;
  if (pages.length > 0) return 'beside';
  if (!asking.every(isRooms)) return 'later';
  return [...above(id, context, 'static')].some((module) => isIdleRoot.test(module)) ? 'room-idle' : 'room-asked';
}

const isRooms = (page: string): boolean => isRoomPage.test(page);
const pagesOf = (modules: ReadonlySet<string>): readonly string[] => [...modules].filter((module) => isPage.test(module));

/** A module and all that import it, statically or in every way. */
function above(id: string, context: Context, kind: 'static' | 'all'): Set<string> {
  const found = new Set([id]);
  for (const module of found) {
    const info = context.getModuleInfo(module);
    if (info === null) continue;
    for (const importer of kind === 'static' ? info.importers : [...info.importers, ...info.dynamicImporters]) found.add(importer);
  }
  return found;
}

/**
 * Writes down what a page is going to ask for, so that the server can name it in the page and nothing comes in waves: the words of each
 * area and language, and all that the file of a room needs. SvelteKit names a page's files too, but leaves out those that something else,
 * found on its way, fetches later.
 */
export function preloads(): Plugin {
  return {
    name: 'preloads',
    generateBundle(_options, bundle) {
      if (this.environment.name !== 'client') return;
      const files: Record<string, string[]> = {};
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        const [, area, lang] = /[\\/](\w+)Words\.(en|zh)\.ts$/.exec(output.facadeModuleId ?? '') ?? [];
        if (area !== undefined && lang !== undefined) files[`${area}.${lang}`] = [`/${output.fileName}`];
        if (output.name === 'room') files['room'] = [output.fileName, ...output.imports].map((name) => `/${name}`);
      }
      this.emitFile({ type: 'asset', fileName: '_app/preloads.json', source: JSON.stringify(files) });
    },
  };
}
