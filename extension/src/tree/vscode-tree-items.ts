import * as vscode from 'vscode';
import { localTime } from '../platform/local-time.ts';
import { plainText } from '../platform/plain-text.ts';
import type { TreeNode } from './nodes.ts';
import type { Row, Tooltip } from './row.ts';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
const EXPANSIONS = { none: None, collapsed: Collapsed, expanded: Expanded } as const;

/** An error message may be as long as a page. */
const MOST_VALUE = 500;

export function treeItem(node: TreeNode, row: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, EXPANSIONS[row.expansion]);
  item.id = node.id;
  item.description = row.description;
  item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: row.spoken };
  item.tooltip = row.tooltip ? tooltip(row.tooltip) : row.spoken;
  if (row.icon) {
    const color = row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color);
    item.iconPath = new vscode.ThemeIcon(row.icon.id, color);
  }
  if (row.command) {
    const { command, title } = row.command;
    item.command = { command, title, arguments: [...(row.command.arguments ?? [])] };
  }
  return item;
}

/** What others wrote is appended as text, so that nothing of it becomes a link, a picture or a command. */
function tooltip({ title, lines }: Tooltip): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString('', false);
  markdown.isTrusted = false;
  markdown.supportHtml = false;
  markdown.appendMarkdown('**').appendText(plainText(title)).appendMarkdown('**\n\n');
  for (const { name, value, isTime } of lines) {
    markdown
      .appendMarkdown('- ')
      .appendText(`${name}: ${isTime ? localTime(value) : plainText(value, MOST_VALUE)}`)
      .appendMarkdown('\n');
  }
  return markdown;
}
