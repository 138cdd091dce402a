import type { Rejection } from '#shared/domain/rejections.ts';

/**
 * Why a request came to nothing: the server's own rejection, or what the server could not say itself.
 * `offline`: no answer came. `broken`: an answer came that was none of ours.
 */
export type Refusal = Rejection | { readonly code: 'offline' } | { readonly code: 'broken'; readonly status: number };
export type RefusalCode = Refusal['code'];

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rejection: Refusal };
