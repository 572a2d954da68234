import type { Profile } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import type { RichContent } from '../../http/content.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { PersonKind } from '../people/person.ts';
import { cleanedImage } from './image.ts';
import { type Image, isPictureHeld, type pictureEntity } from './picture.ts';
import type { PictureFacts, pictureRoutes } from './routes.ts';

interface OfPerson {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
}

/** A person, as far as a picture of them is concerned. */
export interface Sitter extends OfPerson {
  readonly profile: Profile;
  readonly kind: PersonKind;
  readonly picture: Stored<typeof pictureEntity> | undefined;
}

export interface PictureStore {
  /** One round trip; undefined for whoever is not there, or closed. */
  find(of: OfPerson, call: Call): Promise<Sitter | undefined>;
  /** Puts the image, or empties, over the version that was read. Throws `StaleVersion`, and `person-not-found` when the person is gone. */
  save(sitter: Sitter, image: Image | undefined, call: Call): Promise<void>;
}

export const pictureHandlers = (pictures: PictureStore): HandlersFor<typeof pictureRoutes, Call> => ({
  async getPicture({ params }, call): Promise<RichContent> {
    const { sitter, image } = await withPicture(pictures, params, call);
    return {
      contentType: image.contentType,
      content: decoded(image.content),
      // Opened by itself it is an image and nothing else, whatever a browser makes of its octets.
      contentSecurityPolicy: "default-src 'none'; sandbox; frame-ancestors 'none'",
      version: versionOf(sitter),
    };
  },

  async putPicture({ params, body, ifMatch }, call) {
    const { contentType } = body;
    const image: Image = { contentType, content: cleanedImage(contentType, decoded(body.content)).toString('base64') };
    const sitter = await sitterOf(pictures, params, call);
    if (!isPictureHeld(sitter.profile, sitter.kind)) throw new Problem('picture-not-held');
    demandVersion(sitter, ifMatch);
    await pictures.save(sitter, image, call);
    return factsOf(image, versionOf(sitter) + 1);
  },

  async removePicture({ params, ifMatch }, call) {
    const { sitter } = await withPicture(pictures, params, call);
    demandVersion(sitter, ifMatch);
    await pictures.save(sitter, undefined, call);
  },
});

async function sitterOf(pictures: PictureStore, of: OfPerson, call: Call): Promise<Sitter> {
  const sitter = await pictures.find(of, call);
  if (!sitter) throw new Problem('person-not-found');
  return sitter;
}

async function withPicture(pictures: PictureStore, of: OfPerson, call: Call) {
  const sitter = await sitterOf(pictures, of, call);
  const image = sitter.picture?.value.image;
  if (!image) throw new Problem('picture-not-found', undefined, { version: versionOf(sitter) });
  return { sitter, image };
}

/** No picture has a version too, as an empty day of attendance has, so that the first one can be conditioned like any other. */
const versionOf = ({ picture }: Sitter): number => (picture?.version ?? 0) + 1;

function demandVersion(sitter: Sitter, ifMatch: number): void {
  if (versionOf(sitter) !== ifMatch) throw new Problem('stale-version');
}

const decoded = (content: string) => Buffer.from(content, 'base64');

const factsOf = ({ contentType, content }: Image, version: number): PictureFacts => ({
  contentType,
  bytes: decoded(content).length,
  version,
});
