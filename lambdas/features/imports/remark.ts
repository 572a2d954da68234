/**
 * What a free remark in a register seems to be about. A guess errs towards caution: what may be a block is asked about,
 * what may be about health is not kept, and only the rest may become a note. Words, not understanding: hence a human
 * decides, and nothing here is ever applied by itself.
 */
export interface RemarkClass {
  readonly mayBeBlock: boolean;
  readonly mayBeHealthData: boolean;
}

const blockWords =
  /\bsperre|\bskal\s+ikke\b|\bikke\s+(?:lov|hente|ha\s+kontakt|samvær|tilgang|adgang|motta|informeres)|samværsrett|samværsnekt|\bbesøksforbud|\bkontaktforbud|\bbarnevern|\bforeldreansvar|\bdaglig\s+omsorg|\brettslig|\bdommen?\b|\brettssak|\bvold\b|\bvoldsalarm|\btruss?el|\btruet|\bfare\s+for|\bhemmelig\s+adresse|\bkode\s*[67]\b|\bfortrolig|\bpoliti|\bkun\s+(?:mor|far|mamma|pappa|foresatt)|\bbortfør/iu;

const healthWords =
  /epi-?pen|anafyla|allerg|medisin|intoler|cøliaki|gluten|laktose|astma|inhalator|ventoline|eksem|diabet|insulin|epilep|feberkramp|anfall|\bsyk|diagnos|adhd|autis|\bdown|asperger|handikap|funksjons(?:hem|ned)|\bhelse|\blege|sykehus|terap|psyk|\bppt?\b|\bbup\b|hørsel|syns?hem|rullestol|hjerte|\bnøtter|astrid|penicill|antibiotik|vaksin|smitte|\bhiv\b|kreft|operer|operasjon|\bdose|\bpille|tablett|hjelpemid|spesialped|logoped|sonde|\bkramper?|blødersyk|matover|reaksjon|kvalme|brekk|\bkost(?:hold)?\b|\bdiett/iu;

export function classifyRemark(remark: string): RemarkClass {
  // Letters may come decomposed (a + ring) from a Mac.
  const text = remark.normalize('NFC');
  return { mayBeBlock: blockWords.test(text), mayBeHealthData: healthWords.test(text) };
}
