export {
  createLog,
  LOG_LEVELS,
  type Log,
  type LogLevel,
  type LogOptions,
} from './log/create-log.js';
export { hideCredentials } from './log/hide-credentials.js';
export {
  readSettings,
  unknownSettings,
  type Environment,
  type Setting,
  type SettingsOf,
} from './settings/read-settings.js';
export {
  choiceSetting,
  flagSetting,
  integerSetting,
  labelsSetting,
  listenSetting,
  optionalListenSetting,
  optionalSetting,
  textSetting,
  type ListenAddress,
} from './settings/setting-kinds.js';
export { openDeadline, type Deadline } from './stop/open-deadline.js';
export { Closers, type CloserLog } from './stop/closers.js';
export { onStopSignal, type StopSignal, type StopSignalOptions } from './stop/on-stop-signal.js';
export { notifySystemd, type SystemdState } from './stop/notify-systemd.js';
export { lockDirectory, type DirectoryLock } from './files/lock-directory.js';
export { processStartOf } from './files/process-start.js';
export {
  makePrivateDirectory,
  writePrivateFile,
  type PrivateFileOptions,
} from './files/private-file.js';
export { createFailpoints, type Failpoint } from './failpoints/create-failpoints.js';
