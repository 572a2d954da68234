/** Common in Norway, of several origins; no register of real people stands behind them. */
export const girls = `Nora Emma Sofie Olivia Ella Maja Ingrid Emilie Sara Leah Frida Selma Ada Hedda Iben Astrid Aurora
  Signe Thea Solveig Amina Aisha Maryam Zofia Lena Eline Tiril Vilde Mathilde Ellinor`.split(/\s+/);
export const boys = `Jakob Emil Noah Oliver Filip Lukas Liam Henrik Oskar Aksel Theodor Elias Håkon Isak Johannes Kasper
  Magnus Sander Birk Olav Mohammed Yusuf Adam Jan Kacper Mikkel Even Sverre Ludvig Åsmund`.split(/\s+/);
export const women =
  `Kari Silje Ingvild Marianne Camilla Hege Linn Ida Stine Kristin Anette Siri Guro Marte Trine Fatima
  Layla Anna Agnieszka Hanne Turid Ragnhild Maria Julie Cathrine`.split(/\s+/);
export const men = `Lars Ole Kristian Andreas Morten Thomas Anders Eirik Espen Henning Øyvind Jørgen Stian Vegard Håvard
  Ahmed Ali Piotr Tomasz Knut Gunnar Trond Bjørn Sindre Fredrik`.split(/\s+/);
export const families =
  `Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen
  Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Henriksen Lund Sørensen Jakobsen
  Moen Gundersen Iversen Strand Solberg Svendsen Eide Knutsen Bakken Ruud Olstad Nygård Ødegård Åsen Hussain Khan
  Nowak Kowalska Abdi Hassan Nguyen Tran Bråten Sætre Lie Moe Ness Tangen Myhre Lien`.split(/\s+/);
export const groups = `Blåveis Tyttebær Revebjella Trollhiet Hvitveis Multe Røsslyng Kløver Bjørnehiet Ekornbo Maurtua
  Soltoppen Fjellrev Måltrost Linerle Vipa`.split(/\s+/);

/** An address of a person: ASCII, and never one that a real mailbox could have. */
export const emailOf = (firstName: string, lastName: string, number: number, run: number): string =>
  `${plain(firstName)}.${plain(lastName)}${number}.r${run}@example.no`;

const plain = (name: string) =>
  name
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('å', 'a')
    .normalize('NFD')
    .replace(/[^a-z]/g, '');
