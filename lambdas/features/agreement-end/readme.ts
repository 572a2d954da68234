/** What lies where in an organisation's copy; ASCII file names, both languages. */
export const exportReadme = (): string => `Vern: alt virksomheten har registrert

register/children.csv   barn og foresatte, slik Vern selv leser det inn igjen
register/staff.csv      ansatte, likeså
organisation/           innstillinger, avdelinger og grupper
agreements/             databehandleravtalen, og hvem som godtok hvilken utgave når
people/<id>/            alt om hver person: JSON, CSV og bilder (også i de neste filene)
history/<id>/           fakturaer, timelister og oversiktslister, som loven krever at virksomheten tar vare på
schemas/                hva hvert felt betyr
SHA256SUMS              sjekksum for hver fil: sha256sum -c SHA256SUMS
manifest.json           filene med sjekksum; signaturen er i manifest.sig, nøkkelen i public-key.pem

Barn uten fødselsdato, og flere enn to foresatte, har ikke plass i register-filen. De står under people/.

--

Vern: everything that the organisation has registered

register/children.csv   children and guardians, as Vern itself reads them in again
register/staff.csv      staff, likewise
organisation/           settings, departments and groups
agreements/             the data-processing agreement, and who accepted which version when
people/<id>/            everything about each person: JSON, CSV and pictures (in the next files too)
history/<id>/           invoices, time sheets and site lists, which the law has the organisation keep
schemas/                what each field means
SHA256SUMS              the hash of each file: sha256sum -c SHA256SUMS
manifest.json           the files with their hashes; the signature is in manifest.sig, the key in public-key.pem

Children without a birth date, and more than two guardians, have no place in the register file. They are under people/.
`;
