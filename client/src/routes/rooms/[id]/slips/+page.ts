import type { PageLoad } from './$types';

// What stands on a slip signs somebody in: it is fetched by who may see it, and drawn nowhere else.
export const ssr = false;

export const load: PageLoad = ({ params }) => ({ roomId: params.id });
