import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import type { KeptState } from '../platform/kept-ids.ts';
import { systemRandom } from '../platform/random.ts';
import type { SettingsSource } from '../settings/settings-source.ts';
import { readText, realPath } from './disk.ts';
import { folderPlace } from './folder-place.ts';
import { machineIdOf } from './machine-identity.ts';
import { projectIdOf, type WorkspaceFolder } from './project-id.ts';
import { openWorkspace, workspaceIdOf } from './workspace-id.ts';
import type { FolderPlace, OpenFolder, WorkspacePlace, WorkspacePlaces } from './workspace-place.ts';

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

  at(path?: string): Promise<FolderPlace> {
    const { projectId, dockerSlot } = this.#settings.current;
    return folderPlace({ folders: workspaceFolders(), projectId, dockerSlot, read: readText, realPath }, path);
  }

  get folders(): readonly OpenFolder[] {
    return workspaceFolders().flatMap(({ name, path }) => (path === undefined ? [] : [{ name, path }]));
  }

  get activeFolder(): OpenFolder | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
    return folder?.uri.scheme === 'file' ? { name: folder.name, path: folder.uri.fsPath } : undefined;
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
      projectId: await projectIdOf(projectId, workspaceFolders()[0], readText),
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

function workspaceFolders(): readonly WorkspaceFolder[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.map(({ name, uri }) => ({ name, path: uri.scheme === 'file' ? uri.fsPath : undefined }));
}
