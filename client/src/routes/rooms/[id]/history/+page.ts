import type { PageLoad } from './$types';

// A journey is made of what the page asks for bit by bit: there is nothing to draw on the server.
export const ssr = false;

export const load: PageLoad = ({ params, url }) => ({ roomId: params.id, film: url.searchParams.has('film') });
