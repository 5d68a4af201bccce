import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import { systemRandom } from '../platform/random.ts';
import type { SettingsSource } from '../settings/settings-source.ts';
import { type KeptState, machineIdOf } from './machine-identity.ts';
import { projectIdOf, type WorkspaceFolder } from './project-id.ts';
import { openWorkspace, workspaceIdOf } from './workspace-id.ts';
import type { WorkspacePlace, WorkspacePlaces } from './workspace-place.ts';

/** The workspace that is open in this window. */
export class VscodeWorkspace implements WorkspacePlaces, Disposable {
  readonly #settings: SettingsSource;
  readonly #globalState: KeptState;
  readonly #owned = new Disposables();
  readonly #changed: Emitter<void>;
  #place: Promise<WorkspacePlace> | undefined;

  constructor(settings: SettingsSource, globalState: KeptState, onFault: (error: unknown) => void) {
    this.#settings = settings;
    this.#globalState = globalState;
    this.#changed = this.#owned.add(new Emitter(onFault));
    let { projectId, machineId } = settings.current;
    this.#owned.add(
      settings.onDidChange((now) => {
        if (now.projectId === projectId && now.machineId === machineId) return;
        ({ projectId, machineId } = now);
        this.#startOver();
      }),
    );
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#startOver()));
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  current(): Promise<WorkspacePlace> {
    this.#place ??= this.#read().catch((error: unknown) => {
      // The next caller tries again.
      this.#place = undefined;
      throw error;
    });
    return this.#place;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #startOver(): void {
    this.#place = undefined;
    this.#changed.fire();
  }

  async #read(): Promise<WorkspacePlace> {
    const { projectId, machineId } = this.#settings.current;
    const host = hostname();
    const machine = await machineIdOf(machineId, host, this.#globalState, systemRandom);
    return {
      projectId: await projectIdOf(projectId, firstFolder(), readText),
      machineId: machine,
      hostname: host.trim() === '' ? machine : host,
      workspaceId: workspaceIdOf(
        openWorkspace(
          vscode.workspace.workspaceFile,
          vscode.workspace.workspaceFolders?.map(({ uri }) => uri.toString()) ?? [],
        ),
      ),
    };
  }
}

function firstFolder(): WorkspaceFolder | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) return undefined;
  return { name: folder.name, path: folder.uri.scheme === 'file' ? folder.uri.fsPath : undefined };
}

/** A missing file is the usual case here, and one that cannot be read tells as little. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
