/** Paces that would only make a test wait; what is tested here is who may, not how fast. */
export const quickPace = {
  commandsPerSecond: 100_000,
  commandBurst: 100_000,
  requestsPerSecond: 100_000,
  requestBurst: 100_000,
  commandsPerSecondPerAddress: 100_000,
  commandBurstPerAddress: 100_000,
  unjoinedSocketsPerAddress: 10_000,
  heavyReadsPerMinute: 100_000,
  readsPerSecond: 100_000,
  readBurst: 100_000,
  readsPerSecondPerAddress: 100_000,
  readBurstPerAddress: 100_000,
  signInsPerMinutePerAccount: 1_000,
  signInsPerMinutePerAddress: 10_000,
  connectsPerMinutePerAddress: 10_000,
};
