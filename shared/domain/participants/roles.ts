/** The roles of a room, from the most to the least trusted. */
export const roles = ['moderator', 'recorder', 'member', 'observer'] as const;
export type Role = (typeof roles)[number];

/** What a rule may ask for. Rules ask capabilities, never roles. */
export const capabilities = [
  'room:read',
  'room:configure',
  'room:invite',
  'room:close',
  'commenting:steer',
  'participant:steer',
  'draft:write',
  'draft:lock',
  'comment:write',
  'comment:support',
  'comment:withdraw',
  'comment:resolve',
  'comment:moderate',
  'speech:record',
  'suggestion:gather',
  'suggestion:confirm',
  'suggestion:support',
  'room:pause',
  'draft:manage',
  'file:manage',
  'version:name',
  'text:erase',
] as const;
export type Capability = (typeof capabilities)[number];

/**
 * The one table from roles to capabilities. It is read by both sides and enumerated by a test. What a role holds here can
 * still be withheld for a while (muted, locked, closed): see `whyNot` in rules.ts.
 */
export const capabilitiesOf: Readonly<Record<Role, readonly Capability[]>> = {
  moderator: [
    'room:read',
    'room:configure',
    'room:invite',
    'room:close',
    'commenting:steer',
    'participant:steer',
    'draft:write',
    'draft:lock',
    'comment:write',
    'comment:support',
    'comment:withdraw',
    'comment:resolve',
    'comment:moderate',
    'speech:record',
    'suggestion:gather',
    'suggestion:confirm',
    'suggestion:support',
    'room:pause',
    'draft:manage',
    'file:manage',
    'version:name',
    'text:erase',
  ],
  recorder: [
    'room:read',
    'room:invite',
    'draft:write',
    'comment:write',
    'comment:withdraw',
    'comment:resolve',
    'speech:record',
    'suggestion:gather',
    'suggestion:confirm',
    'draft:manage',
    'file:manage',
    'version:name',
  ],
  member: [
    'room:read',
    'draft:write',
    'comment:write',
    'comment:support',
    'comment:withdraw',
    'comment:resolve',
    'suggestion:gather',
    'suggestion:confirm',
    'suggestion:support',
  ],
  observer: ['room:read', 'comment:write', 'comment:support', 'comment:withdraw', 'suggestion:confirm', 'suggestion:support'],
};
