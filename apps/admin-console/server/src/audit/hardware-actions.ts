/** First words of the audit log's actions that touch hardware: registers, slots, FNs, the work on them, the emulated hall. */
export const hardwareActions = ['register', 'slot', 'fn', 'workflow', 'drive', 'inventory', 'demo'] as const;
