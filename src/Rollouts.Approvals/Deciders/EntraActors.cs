using System.Security.Claims;
using Rollouts.Journal;
using Rollouts.Policy;

namespace Rollouts.Approvals.Deciders;

/// <summary>Who a signed-in caller is, as policies see them.</summary>
public static class EntraActors
{
    private static readonly string[] IdTypes = ["http://schemas.microsoft.com/identity/claims/objectidentifier", "oid"];
    private static readonly string[] TenantTypes = ["http://schemas.microsoft.com/identity/claims/tenantid", "tid"];
    private static readonly string[] ScopeTypes = ["http://schemas.microsoft.com/identity/claims/scope", "scp"];
    private static readonly string[] MailTypes = ["preferred_username", "upn", ClaimTypes.Upn, "email", ClaimTypes.Email];

    /// <summary>Null when the caller is not signed in with Entra: nothing else has an object id.</summary>
    /// <param name="principal">The caller.</param>
    /// <param name="policies">What is asked about: only those groups and roles go into the decision.</param>
    public static Actor? Of(ClaimsPrincipal principal, IReadOnlyList<ApprovalPolicy> policies)
    {
        if (principal.Identity is not { IsAuthenticated: true } || Value(principal, IdTypes) is not { } id)
        {
            return null;
        }

        return new Actor
        {
            Provider = Actor.Entra,
            Id = id,
            Tenant = Value(principal, TenantTypes),
            Mail = Value(principal, MailTypes) is { } mail && mail.Contains('@', StringComparison.Ordinal) ? mail : null,
            Groups = [.. policies.SelectMany(p => p.EntraGroups).Distinct().Where(g => principal.HasClaim(c => c.Type == "groups" && Same(c.Value, g)))],
            Roles = [.. policies.SelectMany(p => p.AppRoles).Distinct().Where(r => principal.HasClaim(c => c.Type is "roles" or ClaimTypes.Role && Same(c.Value, r)))],
        };
    }

    /// <summary>Whether a person is signed in: applications have neither a sign-in name nor a scope that somebody has consented to.</summary>
    public static bool IsPerson(ClaimsPrincipal principal) => Value(principal, MailTypes) is not null || Value(principal, ScopeTypes) is not null;

    private static string? Value(ClaimsPrincipal principal, string[] types) =>
        types.Select(t => principal.FindFirst(t)?.Value).FirstOrDefault(v => v is { Length: > 0 });

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
