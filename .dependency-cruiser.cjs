/*
 * Who may import whom. The arrows: shared/lib <- shared/domain <- shared/protocol <- server | client.
 * Imports of types count as imports: what one cannot name, one cannot come to depend on.
 */

const test = '\\.test\\.ts$';
const yjs = '^node_modules/(yjs|lib0|y-protocols|y-websocket|y-indexeddb|y-prosemirror|@tiptap/y-tiptap|@tiptap/extension-collaboration)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Move what both files need into a third one that knows neither; in a cycle no file can be understood alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'Name the file as it is, with its ending; across top folders write #shared/..., #server/... or #client/....',
      severity: 'error',
      from: {},
      // What SvelteKit generates ($app, $types) is held by the type check instead.
      to: { couldNotResolve: true, pathNot: '^(\\$(app|env)/|\\./\\$types$)' },
    },
    {
      name: 'no-drawers',
      comment: 'Name the file for the one thing it holds; helpers, utils, types, manager and service are drawers where anything lands.',
      severity: 'error',
      from: {},
      to: { path: '^(shared|server|client|scripts|tests)/.*\\b(utils?|helpers?|types|manager|service)(\\.svelte)?\\.(ts|mjs|js|svelte)$' },
    },
    {
      name: 'shared-stands-alone',
      comment: 'Turn the arrow around: shared/ is what server and client both rest on, so it takes what it needs as an argument.',
      severity: 'error',
      from: { path: '^shared/', pathNot: test },
      to: { path: '^(server|client|scripts|tests)/' },
    },
    {
      name: 'shared-without-node',
      comment: 'Take the result as an argument, or use a package that also runs in browsers: shared/ runs in both.',
      severity: 'error',
      from: { path: '^shared/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'lib-at-the-bottom',
      comment: 'Move the function to the folder whose words it uses; shared/lib knows nothing of deliberation.',
      severity: 'error',
      from: { path: '^shared/lib/', pathNot: test },
      to: { path: '^shared/', pathNot: '^shared/lib/' },
    },
    {
      name: 'domain-knows-no-wire',
      comment: 'Say it in domain words and let shared/protocol or shared/document translate; the domain knows neither the wire nor Yjs.',
      severity: 'error',
      from: { path: '^shared/domain/', pathNot: test },
      to: { path: '^shared/', pathNot: '^shared/(lib|domain)/' },
    },
    {
      name: 'document-below-protocol',
      comment: 'Let shared/protocol import shared/document, never the reverse: a document is the same whatever wire it crosses.',
      severity: 'error',
      from: { path: '^shared/document/', pathNot: test },
      to: { path: '^shared/protocol/' },
    },
    {
      name: 'client-without-server',
      comment: 'Put what both sides need into shared/, and ask the server over the wire for the rest: the client never imports it.',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^server/' },
    },
    {
      name: 'server-without-client',
      comment: 'Put what both sides need into shared/: the server knows the client only as whoever is on the wire.',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^client/' },
    },
    {
      name: 'yjs-in-three-places',
      comment: 'Go through shared/document, server/drafts or client/src/lib/drafts: only these know that a draft is a Yjs document.',
      severity: 'error',
      from: { path: '^(shared|server|client)/', pathNot: '^(shared/document|server/drafts|client/src/lib/drafts)/' },
      to: { path: yjs },
    },
    {
      name: 'doors-know-rooms',
      comment: 'Ask server/rooms, server/drafts or server/access: a door translates the wire and holds no rule and no store.',
      severity: 'error',
      from: { path: '^server/(http|socket)/', pathNot: test },
      to: { path: '^server/(store|bus)/' },
    },
    {
      name: 'doors-apart',
      comment: 'Move what both doors need to server/access; one door never opens the other.',
      severity: 'error',
      from: { path: '^server/(http|socket)/' },
      to: { path: '^server/(http|socket)/', pathNot: '^server/$1/' },
    },
    {
      name: 'rooms-know-ports',
      comment: 'Name a port of server/store and let server/main.ts hand in the adapter: rooms, drafts and access work on any store.',
      severity: 'error',
      from: { path: '^server/(rooms|drafts|access)/', pathNot: test },
      to: { path: '^server/(store/(sqlite|mongo|open\\.ts)|http|socket)' },
    },
    {
      name: 'adapters-know-ports',
      comment: 'Hand it to the adapter as an argument: a store keeps what it is given and knows nothing of rooms or doors.',
      severity: 'error',
      from: { path: '^server/(store|bus)/', pathNot: test },
      to: { path: '^server/(rooms|drafts|access|http|socket)/' },
    },
    {
      name: 'main-picks-the-adapters',
      comment: 'Take the port as an argument: only server/main.ts decides which store there is.',
      severity: 'error',
      from: { path: '^(server|shared|client)/', pathNot: `^server/main\\.ts$|^server/store/|${test}` },
      to: { path: '^server/store/(sqlite/|mongo/|open\\.ts$)' },
    },
    {
      name: 'adapters-apart',
      comment: 'Move what both adapters need up to server/store: each can be taken away without the other.',
      severity: 'error',
      from: { path: '^server/store/(sqlite|mongo)/' },
      to: { path: '^server/store/(sqlite|mongo)/', pathNot: '^server/store/$1/' },
    },
    {
      name: 'nobody-imports-main',
      comment: 'Move what you need out of server/main.ts: importing it starts a server.',
      severity: 'error',
      from: {},
      to: { path: '^server/main\\.ts$' },
    },
    {
      name: 'server-runs-on-dependencies',
      comment: 'Move the package from devDependencies to dependencies: an installation without development packages needs it.',
      severity: 'error',
      from: { path: '^(server|shared)/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'products-without-tests',
      comment: 'Move it out of the tests: what runs in production is not kept in a test folder.',
      severity: 'error',
      from: { path: '^(server|shared|client)/', pathNot: test },
      to: { path: `^tests/|${test}` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|client/\\.svelte-kit|client/node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.svelte', '.d.ts', '.json'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
