import type { PageLoad } from './$types';

// A live room is made of what its sockets bring: there is nothing to draw on the server.
export const ssr = false;

export const load: PageLoad = ({ params }) => ({ roomId: params.id });
