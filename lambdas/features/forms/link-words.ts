/** What the pages of links from forms ask, and what they say when it is done. They name no organisation: the letter does. */
export const formAsking = {
  'confirm-subscription': {
    nb: {
      ask: {
        title: 'Vil du ha nyhetsbrevet?',
        paragraphs: [
          'Når du bekrefter, får du nyhetsbrevet fra virksomheten som står i e-posten. Du kan si nei igjen når som helst, med lenken i hvert brev.',
          'Har du ikke bedt om det? Lukk siden. Da blir adressen din slettet.',
        ],
        button: 'Ja, send meg nyhetsbrevet',
      },
      done: {
        title: 'Du får nyhetsbrevet',
        paragraphs: ['Hvert brev har en lenke for å melde seg av. Du kan lukke siden.'],
      },
    },
    en: {
      ask: {
        title: 'Do you want the newsletter?',
        paragraphs: [
          'Once you confirm, you get the newsletter of the organisation that the e-mail names. You can say no again at any time, by the link in each letter.',
          'Did you not ask for it? Close the page. Your address is then deleted.',
        ],
        button: 'Yes, send me the newsletter',
      },
      done: {
        title: 'You get the newsletter',
        paragraphs: ['Each letter has a link for unsubscribing. You can close this page.'],
      },
    },
  },
  'confirm-enquiry': {
    nb: {
      ask: {
        title: 'Send henvendelsen?',
        paragraphs: [
          'Når du bekrefter, kan virksomheten som står i e-posten, lese det du skrev. Svaret kommer til e-postadressen din.',
          'Har du ikke skrevet noe? Lukk siden. Da blir det slettet uten at noen har lest det.',
        ],
        button: 'Send henvendelsen',
      },
      done: {
        title: 'Henvendelsen er sendt',
        paragraphs: ['Du får en e-post når den er besvart. Du kan lukke siden.'],
      },
    },
    en: {
      ask: {
        title: 'Send the enquiry?',
        paragraphs: [
          'Once you confirm, the organisation that the e-mail names can read what you wrote. The answer comes to your e-mail address.',
          'Did you write nothing? Close the page. It is then deleted, and nobody will have read it.',
        ],
        button: 'Send the enquiry',
      },
      done: {
        title: 'The enquiry has been sent',
        paragraphs: ['You get an e-mail when it is answered. You can close this page.'],
      },
    },
  },
  'confirm-ticket': {
    nb: {
      ask: {
        title: 'Send saken?',
        paragraphs: [
          'Når du bekrefter, kan virksomheten som står i e-posten, lese det du skrev. Svaret kommer til e-postadressen din.',
          'Har du ikke skrevet noe? Lukk siden. Da blir det slettet uten at noen har lest det.',
        ],
        button: 'Send saken',
      },
      done: {
        title: 'Saken er sendt',
        paragraphs: ['Du får en e-post når den er besvart. Du kan lukke siden.'],
      },
    },
    en: {
      ask: {
        title: 'Send the ticket?',
        paragraphs: [
          'Once you confirm, the organisation that the e-mail names can read what you wrote. The answer comes to your e-mail address.',
          'Did you write nothing? Close the page. It is then deleted, and nobody will have read it.',
        ],
        button: 'Send the ticket',
      },
      done: {
        title: 'The ticket has been sent',
        paragraphs: ['You get an e-mail when it is answered. You can close this page.'],
      },
    },
  },
  'confirm-sign-up': {
    nb: {
      ask: {
        title: 'Bekreft påmeldingen?',
        paragraphs: [
          'Når du bekrefter, er du påmeldt hos virksomheten som står i e-posten. Du kan melde deg av igjen når som helst.',
          'Har du ikke meldt deg på? Lukk siden. Da blir det du oppga, slettet.',
        ],
        button: 'Bekreft påmeldingen',
      },
      done: {
        title: 'Påmeldingen er mottatt',
        paragraphs: ['Du får en e-post som sier om du har plass, eller står på venteliste. Du kan lukke siden.'],
      },
    },
    en: {
      ask: {
        title: 'Confirm the sign-up?',
        paragraphs: [
          'Once you confirm, you are signed up with the organisation that the e-mail names. You can cancel again at any time.',
          'Did you not sign up? Close the page. What was typed in is then deleted.',
        ],
        button: 'Confirm the sign-up',
      },
      done: {
        title: 'The sign-up has arrived',
        paragraphs: [
          'You get an e-mail that says whether you have a place, or are on the waiting list. You can close this page.',
        ],
      },
    },
  },
  unsubscribe: {
    nb: {
      ask: {
        title: 'Meld deg av?',
        paragraphs: [
          'Da får du ikke flere slike brev fra virksomheten. Det gjelder med en gang, også brev som venter på å bli sendt.',
        ],
        button: 'Meld meg av',
      },
      done: { title: 'Du er meldt av', paragraphs: ['Du får ikke flere slike brev. Du kan lukke siden.'] },
    },
    en: {
      ask: {
        title: 'Unsubscribe?',
        paragraphs: [
          'You then get no more such letters from the organisation. It holds at once, also for letters that wait to be sent.',
        ],
        button: 'Unsubscribe me',
      },
      done: { title: 'You are unsubscribed', paragraphs: ['You get no more such letters. You can close this page.'] },
    },
  },
} as const;
