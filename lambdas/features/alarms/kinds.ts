/** What an alarm can be about. `isUrgent`: somebody may need help, so it rings until somebody has answered. */
export const kindsOfAlarm = {
  /** The button was pressed. */
  button: { isUrgent: true },
  fall: { isUrgent: true },
  'geofence-left': { isUrgent: true },
  'geofence-entered': { isUrgent: true },
  'battery-low': { isUrgent: false },
  'switched-off': { isUrgent: false },
  /** No word from the device for longer than it should be silent. */
  silent: { isUrgent: false },
} as const satisfies Record<string, { readonly isUrgent: boolean }>;

export type AlarmKind = keyof typeof kindsOfAlarm;
export const alarmKinds = Object.keys(kindsOfAlarm) as [AlarmKind, ...AlarmKind[]];
