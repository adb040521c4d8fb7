using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rollouts.Http.Access;

/// <summary>
/// One token for everything, on a server without accounts on a person's own machine. Programs send it as a bearer token; a browser exchanges it, or a
/// link that works once, for a cookie that scripts can't read and other sites can't use. Sessions end with the server.
/// </summary>
public sealed class SharedToken : IPrincipalSource
{
    /// <summary>The length below which a token is refused.</summary>
    public const int FewestCharacters = 16;

    private readonly byte[] hash;
    private readonly ClaimsPrincipal program;
    private readonly ClaimsPrincipal person;
    private readonly ConcurrentDictionary<string, byte> sessions = new();
    private readonly ConcurrentDictionary<string, byte> links = new();

    /// <param name="token">At least 16 characters, hard to guess.</param>
    /// <param name="owner">Whose machine it is: who decides, in the journal, when a decision comes from a browser.</param>
    /// <param name="roles">All of which the token gives.</param>
    public SharedToken(string token, string owner, AccessRoles roles)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(token.Length, FewestCharacters, nameof(token));
        hash = Hash(token);
        program = Principal(roles, null);
        person = Principal(roles, owner);
    }

    /// <summary>A new token of 128 bits.</summary>
    public static string Create() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <inheritdoc/>
    public ClaimsPrincipal? Identify(HttpContext http)
    {
        string? authorization = http.Request.Headers[HeaderNames.Authorization].FirstOrDefault();
        if (authorization is not null)
        {
            return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && IsToken(authorization["Bearer ".Length..].Trim()) ? program : null;
        }

        return http.Request.Cookies[CookieOf(http)] is { } session && sessions.ContainsKey(Key(session)) ? person : null;
    }

    /// <inheritdoc/>
    public IResult SignIn(HttpContext http) =>
        Results.Redirect($"/sign-in?to={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}");

    /// <summary>A path that signs a browser in, once.</summary>
    /// <param name="to">Where it goes from there: a path of this server.</param>
    public string CreateLink(string to = "/")
    {
        string code = Create();
        links[Key(code)] = 0;
        // A slash needs no escape here, and a person may have to read the link.
        return $"/sign-in?code={code}&to={Uri.EscapeDataString(to).Replace("%2F", "/", StringComparison.Ordinal)}";
    }

    /// <summary>Uses up the code of a link.</summary>
    public bool TryUseLink(string code) => links.TryRemove(Key(code), out _);

    /// <summary>Whether this is the token; takes the same time whatever is asked.</summary>
    public bool IsToken(string given) => CryptographicOperations.FixedTimeEquals(Hash(given), hash);

    /// <summary>Begins a session in the browser that is being answered.</summary>
    public void BeginSession(HttpContext http)
    {
        string session = Create();
        sessions[Key(session)] = 0;
        http.Response.Cookies.Append(CookieOf(http), session, new CookieOptions
        {
            HttpOnly = true,
            SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            Path = "/",
        });
    }

    private static ClaimsPrincipal Principal(AccessRoles roles, string? name)
    {
        ClaimsIdentity identity = new("SharedToken", ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaims(new[] { roles.Read, roles.Start, roles.Decide }.Select(r => new Claim(ClaimTypes.Role, r)));
        if (name is not null)
        {
            identity.AddClaim(new Claim(ClaimTypes.Name, name));
        }

        return new ClaimsPrincipal(identity);
    }

    // Cookies are shared by all ports of a host.
    private static string CookieOf(HttpContext http) => $"rollouts-session-{http.Request.Host.Port ?? 80}";

    // What is looked up is a hash, so that the time of the look-up tells nothing about what would be found.
    private static string Key(string secret) => Convert.ToHexStringLower(Hash(secret));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
