using Microsoft.AspNetCore.Http;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Access;

/// <summary>Who calls, by bearer token. Without any token in the options everyone is a member of <c>system:masters</c>.</summary>
internal sealed class Authenticator(IReadOnlyDictionary<string, KubernetesUser> tokens)
{
    public const string Masters = "system:masters";

    private static readonly KubernetesUser Everyone = new("system:sandbox", Masters, "system:authenticated");
    private static readonly KubernetesUser Anonymous = new("system:anonymous", "system:unauthenticated");

    /// <exception cref="ApiFailure">401 for a token that nobody holds.</exception>
    public KubernetesUser Identify(HttpRequest http)
    {
        if (tokens.Count == 0)
        {
            return Everyone;
        }

        var header = http.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return Anonymous;
        }

        const string scheme = "Bearer ";
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && tokens.TryGetValue(header[scheme.Length..].Trim(), out var user)
            ? user with { Groups = [.. user.Groups, "system:authenticated"] }
            : throw ApiFailure.Unauthorized();
    }
}
