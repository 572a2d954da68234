import { contentLines, escaped } from '../icalendar/content-lines.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Image } from '../pictures/picture.ts';

/** A person as a contact card (vCard 4.0, RFC 6350); what is not held, or not shown, is left out. */
export function contactCardOf(person: Partial<PersonRecord>, picture: Image | undefined, at: Date): string {
  const { id, firstName = '', lastName = '', email, phone, address, postcode, birthDate, position, language } = person;
  return contentLines([
    'BEGIN:VCARD',
    'VERSION:4.0',
    ...(id ? [`UID:${single(id)}`] : []),
    `FN:${single([firstName, lastName].filter((part) => part !== '').join(' ') || '–')}`,
    `N:${escaped(lastName)};${escaped(firstName)};;;`,
    ...(email !== undefined ? [`EMAIL:${single(email)}`] : []),
    ...(phone !== undefined ? [`TEL;VALUE=uri:tel:${phone}`] : []),
    ...(address !== undefined || postcode !== undefined
      ? [`ADR:;;${escaped(address ?? '')};;;${escaped(postcode ?? '')};`]
      : []),
    ...(birthDate !== undefined ? [`BDAY:${birthDate.replaceAll('-', '')}`] : []),
    ...(position !== undefined ? [`TITLE:${single(position)}`] : []),
    ...(language !== undefined ? [`LANG:${language}`] : []),
    ...(picture ? [`PHOTO:data:${picture.contentType};base64,${picture.content}`] : []),
    `REV:${at.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replace(/[-:]/g, '')}Z`,
    'END:VCARD',
  ]);
}

/** A value that is not made of components keeps its semicolons (RFC 6350, section 3.4): not every reader unescapes them. */
const single = (text: string) => escaped(text).replaceAll('\\;', ';');
