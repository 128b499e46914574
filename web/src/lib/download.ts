/** Hands a file to the browser's downloads. */
export function download(name: string, content: Blob | { text: string; type: string }): void {
  const blob = content instanceof Blob ? content : new Blob([content.text], { type: content.type });
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  // The browser has taken the file by the end of this turn; what it holds is given back then.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
