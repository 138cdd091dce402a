import { createHash } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { checkpointKeyAt } from '#server/access/checkpointKey.ts';
import { installationKey } from '#server/access/secrets.ts';
import { openDiskFiles } from '#server/files/diskFiles.ts';

// Makes what a first start makes for itself, and stores a first file.
const [dataDir = ''] = process.argv.slice(2);
installationKey(dataDir);
checkpointKeyAt(path.join(dataDir, 'checkpoint.key'));
const files = await openDiskFiles(path.join(dataDir, 'files'));
await files.put(createHash('sha256').update('a file').digest('hex'), () => Readable.from(['a file']));
