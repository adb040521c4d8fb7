using System.Text.RegularExpressions;
using Rollouts.Outbound;

namespace Rollouts.Web;

/// <summary>The operator's addresses, and which of them a template may ask.</summary>
internal sealed partial class AllowedUrls
{
    private readonly Dictionary<Uri, WebAddress> addresses = [];

    /// <exception cref="ArgumentException">The options are not valid; the message holds every problem.</exception>
    public AllowedUrls(WebOptions options)
    {
        if (WebOptionsValidation.Validate(options) is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        }

        foreach (WebAddress address in options.Addresses)
        {
            AddressForm.TryRead(address.Address, out Uri? uri, out _);
            addresses.Add(uri!, address);
        }
    }

    public IEnumerable<(string Client, WebAddress Address)> Clients => addresses.Select(a => (ClientOf(a.Key), a.Value));

    /// <summary>Where a request goes: the host as the operator wrote it, path and query as the template did.</summary>
    /// <exception cref="PortException">It goes nowhere.</exception>
    public (Uri Url, string Client) Choose(string asked, bool insecure)
    {
        (string address, string query) = asked.IndexOf('?', StringComparison.Ordinal) is >= 0 and int mark ? (asked[..mark], asked[mark..]) : (asked, "");
        string shown = AddressForm.Show(address);
        if (!AddressForm.TryRead(address, out Uri? uri, out string? problem) || !IsPlain(query, out problem))
        {
            throw new PortException(FailureKind.Invalid, $"the URL '{shown}' can't be used: {problem}");
        }

        Uri allowed = addresses.Keys.Where(a => AddressForm.Covers(a, uri)).MaxBy(a => a.AbsolutePath.Length) ?? throw new PortException(
            FailureKind.Invalid,
            $"the URL '{shown}' is not allowed: the operator lists the services that may be asked in Web:Addresses (on the command line --web)");
        bool takesAny = insecure && allowed.Scheme == Uri.UriSchemeHttps;
        if (takesAny && !addresses[allowed].AllowInsecure)
        {
            throw new PortException(
                FailureKind.Invalid,
                $"the metric asks for insecure, which the operator does not allow for {allowed}: set CaFile, or AllowInsecure, in Web:Addresses");
        }

        string client = ClientOf(allowed);
        return (new UriBuilder(allowed) { Path = uri.AbsolutePath, Query = query }.Uri, takesAny ? Insecure(client) : client);
    }

    /// <summary>The client that takes any certificate.</summary>
    public static string Insecure(string client) => $"{client} insecure";

    private static string ClientOf(Uri address) => $"web {address}";

    private static bool IsPlain(string query, out string? problem)
    {
        problem = query.Length > 2048 || !Plain().IsMatch(query)
            ? "its query may hold only letters, digits and - . _ ~ : / ? [ ] @ ! $ & ' ( ) * + , ; = and % with two hex digits, at most 2048 characters"
            : null;
        return problem is null;
    }

    [GeneratedRegex(@"^(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
