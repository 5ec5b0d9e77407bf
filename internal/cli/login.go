package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"varco/internal/api"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/cli/profile"
	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/secret"
	core "varco/internal/session"
)

const (
	loginLong = `Apre il browser sulla pagina di accesso della tua organizzazione e aspetta che torni.

La prima volta serve il codice d'invito che hai ricevuto: lega il tuo accesso alla tua persona e vale una volta sola.
Il programma apre il browser indicato dalla variabile BROWSER; se non c'è, mostra l'indirizzo da aprire.`
	loginExample = `  varco login
  varco login --invitation               (la prima volta su un computer dove altre sono già entrate)
  varco login --issuer https://accesso.example.it`
)

type loginFlags struct {
	issuer       string
	invitation   bool
	invitationFD int
	wait         time.Duration
}

func (r *run) login() *cobra.Command {
	var f loginFlags
	c := &cobra.Command{Use: "login", Short: "Entra, con l'accesso della tua organizzazione", Long: loginLong, Example: loginExample,
		Args: desk.Takes(0, 0), RunE: func(c *cobra.Command, _ []string) error { return r.runLogin(c.Context(), f) }}
	c.Flags().StringVar(&f.issuer, "issuer", "", "`indirizzo` del servizio di accesso, se sono più d'uno")
	c.Flags().BoolVar(&f.invitation, "invitation", false, "chiede il codice d'invito")
	desk.FDFlag(c, &f.invitationFD, "invitation-fd", "legge il codice d'invito da questo `descrittore`")
	c.Flags().DurationVar(&f.wait, "wait", reach.SignInLimit, "per quanto `tempo` aspettare il browser")
	return c
}

func (r *run) runLogin(ctx context.Context, f loginFlags) error {
	p, err := r.Load()
	if err != nil {
		return err
	}
	// Who signs in is known only afterwards, and so is whose memory counts.
	c, err := r.Client(p, &client.Volatile{}, secret.String{})
	if err != nil {
		return err
	}
	service, err := c.Service(ctx)
	if err != nil {
		return err
	}
	issuer, err := r.chooseIssuer(service.Issuers, f.issuer)
	if err != nil {
		return err
	}
	invitation, err := r.invitation(p, f)
	if err != nil {
		return err
	}
	code, verifier, err := r.throughBrowser(ctx, p.Service, issuer, f.wait)
	if err != nil {
		return err
	}
	begun, err := c.SignIn(ctx, api.Redeem{Code: code.Reveal(), Verifier: verifier.Reveal(), Invitation: invitation.Reveal()})
	if !desk.IsOurs(err) && fault.KindOf(err) == fault.Unauthenticated {
		return desk.Because(err, "L'accesso della tua organizzazione ti ha riconosciuta, ma qui non è legato a nessuna persona, oppure l'invito "+
			"non è valido o è già stato usato.\nNon sei entrata. Se è la prima volta, ripeti con il codice d'invito: varco login --invitation")
	}
	if err != nil {
		return err
	}
	return r.entered(ctx, p, c, begun)
}

func (r *run) chooseIssuer(issuers []api.Issuer, wanted string) (string, error) {
	labels := make([]string, len(issuers))
	for i, issuer := range issuers {
		if issuer.URL == wanted {
			return wanted, nil
		}
		labels[i] = italian.Line(issuer.Label + "  " + issuer.URL)
	}
	switch {
	case wanted != "":
		return "", desk.Failed("Questo servizio non accetta accessi da %s. Accetta:\n  %s", italian.Line(wanted), strings.Join(labels, "\n  "))
	case len(issuers) == 0:
		return "", desk.Failed("Questo servizio non ha ancora nessun accesso configurato. Avvisa l'assistenza.")
	case len(issuers) == 1:
		return issuers[0].URL, nil
	}
	chosen, err := r.Choose("Con quale accesso entri? Numero:", labels)
	if err != nil {
		return "", err
	}
	return issuers[chosen].URL, nil
}

// invitation is asked for where nobody has ever signed in, or on request.
func (r *run) invitation(p *profile.Profile, f loginFlags) (secret.String, error) {
	if f.invitationFD >= 0 {
		code, err := r.SecretLine(f.invitationFD)
		return tidy(code.Reveal()), err
	}
	people, err := p.People()
	if err != nil {
		return secret.String{}, err
	}
	if !f.invitation && (len(people) > 0 || !desk.IsTerminal(r.In)) {
		return secret.String{}, nil
	}
	code, err := r.Ask("Se è la prima volta che entri, scrivi il codice d'invito; altrimenti premi Invio:")
	if err != nil {
		return secret.String{}, desk.Failed("Il codice d'invito non è stato letto. Non è stato fatto nulla.")
	}
	return tidy(code), nil
}

// tidy takes a code as people copy it from paper.
func tidy(code string) secret.String {
	return secret.NewString(strings.ToLower(strings.TrimSpace(code)))
}

// throughBrowser waits until the browser comes back from the organisation's sign-in.
func (r *run) throughBrowser(ctx context.Context, service, issuer string, wait time.Duration) (code, verifier secret.String, err error) {
	begun, err := reach.Listen(ctx, r.Rand)
	if err != nil {
		return code, verifier, err
	}
	defer func() { _ = begun.Close() }() // the page that could not be sent is not missed
	address := begun.Address(service, issuer)
	if browser := r.Getenv("BROWSER"); browser != "" {
		r.Tell("Si apre il browser. Se non si apre, apri tu questo indirizzo:\n")
		r.browse(ctx, browser, address)
	} else {
		r.Tell("Apri questo indirizzo nel browser di questo computer:\n")
	}
	r.Tell("  %s\nAlla fine il browser mostra quattro parole: continua solo se sono queste.\n\n  %s\n\nAspetto che l'accesso sia finito…\n",
		address, begun.Compare())
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	code, verifier, err = begun.Wait(ctx)
	if refused, ok := errors.AsType[*reach.RefusedError](err); ok {
		return code, verifier, desk.Because(err, "%s", refusedSignIn(refused.Reason))
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return code, verifier, desk.Failed("Il browser non è tornato in tempo: non sei entrata, e nulla è cambiato. Ripeti: varco login")
	}
	return code, verifier, err
}

// browse opens an address. A browser that does not start is said, and waited for all the same.
func (r *run) browse(ctx context.Context, browser, address string) {
	words := []string{browser}
	if _, err := exec.LookPath(browser); err != nil {
		words = strings.Fields(browser)
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), words[0], append(words[1:], address)...)
	cmd.Env, cmd.Stderr = os.Environ(), r.Err
	if err := cmd.Start(); err != nil {
		r.Tell("Il browser %s non parte.\n", italian.Line(browser))
		return
	}
	go func() { _ = cmd.Wait() }() // what it has to say it says itself
}

func refusedSignIn(reason core.Reason) string {
	switch reason {
	case core.ReasonSecondFactor:
		return "Per entrare serve anche il secondo passaggio (un codice o una chiave), e questa volta non c'è stato.\n" +
			"Non sei entrata: ripeti, e se non ti viene chiesto avvisa chi gestisce il tuo accesso."
	case core.ReasonUnavailable:
		return "Il servizio di accesso della tua organizzazione non risponde. Non sei entrata: ripeti fra poco."
	case core.ReasonLate, core.ReasonState:
		return "È passato troppo tempo, o la pagina era già stata usata. Non sei entrata: ripeti, varco login."
	case core.ReasonProvider:
		return "Il servizio di accesso della tua organizzazione non ti ha lasciata passare. Non sei entrata: ripeti, varco login."
	default:
		return "L'accesso non è valido e non sei entrata. Ripeti; se succede ancora, avvisa l'assistenza."
	}
}

// entered keeps the session and says who has come in.
func (r *run) entered(ctx context.Context, p *profile.Profile, c *client.Client, begun api.Session) error {
	me, err := c.Me(ctx)
	if err != nil {
		return err
	}
	if _, err := ids.ParsePerson(string(me.Person)); err != nil { // it becomes the name of a file
		return fault.Refuse(fault.ClassForm, "signing in: the service says that she is nobody")
	}
	people, err := p.People()
	if err != nil {
		return err
	}
	known := false
	for _, person := range people {
		known = known || person == me.Person
	}
	kept := profile.Session{Person: me.Person, Token: c.Token(), Expires: begun.Expires}
	// Asked again with her own memory: from here on she is known on this computer.
	if c, err = r.Client(p, p.Memory(me.Person), kept.Token); err != nil {
		return err
	}
	if _, err := c.Me(ctx); err != nil {
		return err
	}
	if err := p.Begin(kept); err != nil {
		return err
	}
	r.Say("Accesso riuscito: sei %s, %s.\n", me.Person, placeText(me))
	if len(people) > 0 && !known {
		r.Say("È la prima volta che questa persona entra da questo computer. Se non sei tu, esci subito: varco logout\n")
	}
	r.Say("Ruolo oggi: %s.\nL'accesso dura al massimo fino alle %s.\n", italian.Roles(me.Roles), r.When(begun.Expires))
	if len(me.Roles) == 0 && !me.Steward {
		r.Say("Se non hai ancora le tue chiavi: varco enrol\n")
	}
	return nil
}

func placeText(me api.Me) string { return italian.Line(me.Name) + " (" + italian.Kind(me.Kind) + ")" }
