using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Rollouts.Approvals;
using Rollouts.Approvals.Deciders;
using Rollouts.Approvals.Links;
using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Http.Pages;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Http.Approvals;

/// <summary>
/// The page behind a signed link. Looking never decides, because mail scanners and chat look at links by themselves; the form does, from the browser that it was
/// sent to. Who may decide is the rollout's to say: here is only seen to it that somebody is signed in where the policy needs to know who.
/// </summary>
/// <remarks>
/// <para>
/// The link's token stands behind its <c>#</c>. What stands in a path or a query is written down on the way: by proxies, by access logs, by App Service's own
/// logs, by the Functions host, whose telemetry of its calls to the worker has the whole query (azure-functions-host issue 11602), and by the sign-in, which
/// is told where to come back to. None of them sees what stands behind the <c>#</c>, and neither does whoever unfurls or scans the link.
/// </para>
/// <para>
/// The form is bound to the browser by a cookie and a hash under the links' own keys, and not by ASP.NET Core's antiforgery service: that needs a key ring
/// which every instance of a serverless app can reach.
/// </para>
/// </remarks>
public sealed class DecideForm(IRolloutEngine engine, ApprovalDesk desk, IPrincipalSource principals, TimeProvider time)
{
    private const string Cookie = "rollouts-form";
    private const string Path = "/decide";
    private const int MostBytes = 16 * 1024;

    /// <summary><c>GET /decide</c>: a page that knows nothing and asks for what its link is about; the same for everybody.</summary>
    public IResult Show() => desk.Links is null
        ? DecidePage.Said(StatusCodes.Status404NotFound, "No signed links here", "The operator has set up none (Links:Keys).")
        : DecidePage.Empty;

    /// <summary>
    /// <c>POST /decide/question</c> with the token: the question with its evidence and its form; 401 where somebody has to sign in first, 404 for a link that
    /// was not made here, 410 once it is closed.
    /// </summary>
    public async Task<IResult> QuestionAsync(HttpContext http)
    {
        if (await FormAsync(http).ConfigureAwait(false) is not { } form)
        {
            return DecidePage.SaidInstead(StatusCodes.Status413PayloadTooLarge, "Too large", $"At most {MostBytes} bytes are read.");
        }

        string token = form.GetValueOrDefault("t").ToString();
        if (!IsFromHere(http))
        {
            return DecidePage.SaidInstead(StatusCodes.Status400BadRequest, "Not from this page", "Open the link again, and look there.");
        }

        Opened opened = await OpenAsync(http, token).ConfigureAwait(false);
        if (opened.Refusal is { } refusal)
        {
            return DecidePage.SaidInstead(refusal.Status, refusal.Title, refusal.Text);
        }

        (SignedLink link, RolloutStatus status) = (opened.Link!, opened.Status!);
        if (AnswerDesk.Closed(status, link.Gate) is { } closed)
        {
            return DecidePage.SaidInstead(StatusCodes.Status410Gone, "Answered already", closed);
        }

        string session = http.Request.Cookies[Cookie] is { Length: 32 } kept ? kept : RandomNumberGenerator.GetHexString(32, lowercase: true);
        http.Response.Cookies.Append(Cookie, session, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps || desk.Links!.PublicAddress.Scheme == Uri.UriSchemeHttps,
            Path = "/",
        });
        Question asked = status.Question!;
        string? chart = status.Analysis is null && status.Background is null
            ? null
            : $"charts/{desk.Links!.Sign(status.Id, asked.Id, LinkPurpose.Chart, asked.ExpiresAt)}.png";
        return DecidePage.Ask(status, asked, token, desk.Links!.FormToken(session, token), chart, NameOf(http));
    }

    /// <summary><c>GET /decide/sign-in</c>: signs in where the host has a way to, and comes back.</summary>
    public IResult SignIn(HttpContext http) =>
        principals.Identify(http) is null ? principals.SignIn(http) : Results.Redirect($"{http.Request.PathBase}{Path}");

    /// <summary><c>POST /decide</c>: decides, and says what became of it.</summary>
    public async Task<IResult> PostAsync(HttpContext http)
    {
        if (await FormAsync(http).ConfigureAwait(false) is not { } form)
        {
            return DecidePage.Said(StatusCodes.Status413PayloadTooLarge, "Too large", $"At most {MostBytes} bytes are read.");
        }

        string token = form.GetValueOrDefault("t").ToString();
        if (desk.Links is not { } links
            || http.Request.Cookies[Cookie] is not { Length: 32 } session
            || !IsFromHere(http)
            || !links.IsFormToken(form.GetValueOrDefault("f").ToString(), session, token))
        {
            return DecidePage.Said(StatusCodes.Status400BadRequest, "Not from this page", "Open the link again, and answer there.");
        }

        Command? command = form.GetValueOrDefault("answer").ToString() switch { "promote" => Command.Promote, "abort" => Command.Abort, _ => null };
        string reason = form.GetValueOrDefault("reason").ToString().Trim();
        if (command is null || reason.Length > DecidePage.MostReason)
        {
            return DecidePage.Said(StatusCodes.Status400BadRequest, "No answer", $"Choose one of the two, with at most {DecidePage.MostReason} characters of why.");
        }

        return await DecideAsync(http, token, command.Value, reason).ConfigureAwait(false);
    }

    private async Task<IResult> DecideAsync(HttpContext http, string token, Command command, string reason)
    {
        Opened opened = await OpenAsync(http, token, evenIfExpired: true).ConfigureAwait(false);
        if (opened.Refusal is { } refusal)
        {
            return DecidePage.Said(refusal.Status, refusal.Title, refusal.Text);
        }

        (SignedLink link, RolloutStatus status) = (opened.Link!, opened.Status!);
        Actor? actor = EntraActors.Of(http.User, status.ApprovalPolicies);
        bool expired = time.GetUtcNow() >= link.ExpiresAt;
        Decision decision = new()
        {
            // The same form, sent again, has the same id.
            Id = $"link:{link.Nonce}:{CommandName.Of(command)}:{actor?.Id ?? "-"}",
            Command = command,
            By = NameOf(http) ?? "somebody with the link",
            Channel = "link",
            At = time.GetUtcNow(),
            Reason = reason.Length == 0 ? null : reason,
            Question = link.Gate,
            Actor = actor,
            Refused = expired ? "its link has expired" : null,
        };
        AnswerReceipt receipt = await new AnswerDesk(engine, time).AnswerAsync(link.Rollout, decision, http.RequestAborted).ConfigureAwait(false);
        bool gone = expired || (!receipt.Counted && AnswerDesk.Closed(status, link.Gate) is not null);
        return receipt.Counted ? DecidePage.Said(StatusCodes.Status200OK, "Recorded", receipt.Text)
            : gone ? DecidePage.Said(StatusCodes.Status410Gone, expired ? "The link has expired" : "Answered already", receipt.Text)
            : DecidePage.Said(StatusCodes.Status403Forbidden, "Not counted", receipt.Text);
    }

    private async Task<Opened> OpenAsync(HttpContext http, string token, bool evenIfExpired = false)
    {
        LinkReading read = desk.Links?.Read(token, LinkPurpose.Ask) ?? new LinkReading(LinkOutcome.NotGenuine, null);
        if (read.Link is not { } link || await engine.FindAsync(link.Rollout, http.RequestAborted).ConfigureAwait(false) is not { } status)
        {
            return new(new Refusal(StatusCodes.Status404NotFound, "No such question", "This link was not made here, was cut short, or its rollout is gone."));
        }

        if (read.Outcome == LinkOutcome.Expired && !evenIfExpired)
        {
            return new(new Refusal(
                StatusCodes.Status410Gone, "The link has expired", AnswerDesk.Closed(status, link.Gate) ?? "The question is still open: answer it in the dashboard, with rollouts promote or abort, or by the link of a newer message."));
        }

        if (principals.Identify(http) is { } principal)
        {
            http.User = principal;
        }
        else if (status.ApprovalPolicies.Any(p => p.SignIn || p.NeedsActor))
        {
            return new(new Refusal(StatusCodes.Status401Unauthorized, "Not signed in", "Whoever answers this has to sign in. Open the link again; nothing has been decided."));
        }

        return new(null, link, status);
    }

    private static async Task<Dictionary<string, StringValues>?> FormAsync(HttpContext http) =>
        await RequestText.ReadBytesAsync(http, MostBytes).ConfigureAwait(false) is { } body ? QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)) : null;

    private static bool IsFromHere(HttpContext http) => http.Request.Headers["Sec-Fetch-Site"].FirstOrDefault() is null or "same-origin";

    private static string? NameOf(HttpContext http) => http.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : null;

    private sealed record Refusal(int Status, string Title, string Text);

    private sealed record Opened(Refusal? Refusal, SignedLink? Link = null, RolloutStatus? Status = null);
}
