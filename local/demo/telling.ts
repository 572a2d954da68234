/** How the demo tells its story on the terminal. */
let steps = 0;
export const chapter = (title: string) => console.log(`\n== ${title} ==`);
export const step = (text: string) => console.log(`${String(++steps).padStart(2)}. ${text}`);
export const said = (text: string) => console.log(`    ${text}`);
export const indented = (text: string) => console.log(`      ${text}`);
