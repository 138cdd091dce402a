import express from 'express';
import type { StoreHealth } from '../storeHealth.ts';

/** `/healthz`: the process runs. `/readyz`: it can store; 503 where a durable write does not go through. */
export function healthRoutes(health: StoreHealth): express.Router {
  const router = express.Router();
  router.get('/healthz', (_request, response) => void response.json({ ok: true }));
  router.get('/readyz', (_request, response, next) => {
    health
      .check()
      .then((ready) => response.status(ready ? 200 : 503).json({ ok: ready, store: health.description }))
      .catch(next);
  });
  return router;
}
