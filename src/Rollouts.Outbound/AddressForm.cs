using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Rollouts.Outbound;

/// <summary>
/// The one form that addresses are compared in. Uri brings case, default ports, IPv4 and IPv6 spellings and dot segments into one form; what
/// could still be read in two ways is no address at all.
/// </summary>
internal static partial class AddressForm
{
    /// <summary>Reads an address; its path ends without a slash.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = null;
        if (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            problem = "it must begin with http:// or https://";
        }
        else if (text.Contains('@', StringComparison.Ordinal))
        {
            problem = "user name and password don't belong in an address";
        }
        else if (text.Length > 2048 || !Plain().IsMatch(text))
        {
            problem = "it may hold only letters, digits and - . _ ~ : / [ ] + = ,";
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
        {
            problem = "it is no URL";
        }
        else if (uri.AbsolutePath.Contains("//", StringComparison.Ordinal))
        {
            problem = "its path has an empty segment";
        }
        else
        {
            address = new UriBuilder(uri.Scheme, uri.IdnHost, uri.Port, uri.AbsolutePath.TrimEnd('/')).Uri;
        }

        return problem is null;
    }

    /// <summary>Whether a query may go to an address because another one is allowed.</summary>
    public static bool Covers(Uri allowed, Uri asked)
    {
        string prefix = PathOf(allowed);
        string path = PathOf(asked);
        return allowed.Scheme == asked.Scheme
            && string.Equals(allowed.IdnHost, asked.IdnHost, StringComparison.OrdinalIgnoreCase)
            && allowed.Port == asked.Port
            && path.StartsWith(prefix, StringComparison.Ordinal)
            && (path.Length == prefix.Length || path[prefix.Length] == '/');
    }

    /// <summary>The path without its last slash; empty for the root.</summary>
    public static string PathOf(Uri address) => address.AbsolutePath.TrimEnd('/');

    /// <summary>An address as an error may show it: short, printable, without credentials.</summary>
    public static string Show(string address)
    {
        string bare = Credentials().Replace(address, "//");
        string printable = string.Concat(bare.Select(c => c is >= ' ' and <= '~' ? c : '?'));
        return printable.Length <= 200 ? printable : printable[..199] + "…";
    }

    [GeneratedRegex(@"^[A-Za-z0-9\-._~:/\[\]+=,]*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Plain();

    // Up to the last @ before the path, because that is the one that ends the credentials.
    [GeneratedRegex(@"//[^/]*@", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Credentials();
}
