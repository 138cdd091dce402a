import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import type { PluginView } from '@tiptap/pm/state';
import { whenIdle } from '../ui/whenIdle.ts';

/** The carets of what is not text (see cursors.ts), fetched when the page is idle. */
export const LaterCursors = Extension.create({ name: 'laterCursors', addProseMirrorPlugins: () => [cursorPlugin()] });

function cursorPlugin(): Plugin {
  const place: Plugin = new Plugin({
    view: (view) => {
      let came: PluginView | undefined;
      const stop = whenIdle(() => {
        import('./cursors.ts').then(
          ({ showCursors }) => {
            if (!view.isDestroyed) came = showCursors(place, view);
          },
          () => undefined,
        );
      });
      return {
        update: (...given) => came?.update?.(...given),
        destroy: () => {
          stop();
          came?.destroy?.();
        },
      };
    },
  });
  return place;
}
