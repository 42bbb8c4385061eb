// The dedicated worker that owns the GPU: the local engine behind the message protocol, nothing else.
import { createLocalEngine } from './local';
import { serve, type ServePort } from './serve';

serve(createLocalEngine(), self as unknown as ServePort);
