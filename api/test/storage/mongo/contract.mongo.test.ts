import { describeStorageContract } from '../contract/index.ts';
import { openTestMongoStorage } from './test-engine.ts';

describeStorageContract('MongoDB', openTestMongoStorage);
