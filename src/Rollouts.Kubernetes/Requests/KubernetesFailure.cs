using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Rollouts.Kubernetes.Requests;

/// <summary>Puts what went wrong with a request into words that name the object or the missing right.</summary>
internal static class KubernetesFailure
{
    private const int LongestExcerpt = 500;

    /// <summary>An answer with an error status.</summary>
    public static PortException From(KubernetesRequest request, HttpOperationException failure)
    {
        HttpStatusCode code = failure.Response.StatusCode;
        V1Status? status = StatusOf(failure);
        string says = Says(status, failure.Response.Content);
        (FailureKind kind, string message) = code switch
        {
            HttpStatusCode.Unauthorized =>
                (FailureKind.Forbidden, $"unauthorized: the cluster does not accept the credentials (needs {request.Right}){says}"),
            HttpStatusCode.Forbidden =>
                (FailureKind.Forbidden, $"forbidden: needs {request.Right}{says}"),
            HttpStatusCode.NotFound => (FailureKind.NotFound, NotFound(request, status)),
            HttpStatusCode.Conflict =>
                (FailureKind.Transient, $"conflict: {request.Subject} was changed by somebody else{says}"),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Gone or >= HttpStatusCode.InternalServerError =>
                (FailureKind.Transient, $"cannot {request.Verb} {request.Subject}: the API server answered {(int)code}{says}"),
            _ => (FailureKind.Invalid, $"cannot {request.Verb} {request.Subject}: the API server refuses it ({(int)code}){says}{Causes(status)}"),
        };
        return new PortException(kind, message, failure) { RetryAfter = RetryAfter(failure, status) };
    }

    /// <summary>Whether a 404 is a Kubernetes API's word on this object, not that of some other server or of an API that lacks the resource.</summary>
    public static bool IsMissingObject(HttpOperationException failure) => StatusOf(failure) is { Reason: "NotFound", Details.Name: { Length: > 0 } };

    private static string NotFound(KubernetesRequest request, V1Status? status) => status switch
    {
        { Details: { Kind: "namespaces", Name: { Length: > 0 } name } } => $"namespace `{name}` not found (for {request.Subject})",
        { Details.Name: { Length: > 0 } } => $"{request.Subject} not found",
        _ => $"cannot {request.Verb} {request.Subject}: the address answers 404, so it is no Kubernetes API or one without {request.Resource.Plural}",
    };

    /// <summary>By the header, which proxies write too, else by the status.</summary>
    private static TimeSpan? RetryAfter(HttpOperationException failure, V1Status? status)
    {
        string? header = failure.Response.Headers?.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
        return RetryConditionHeaderValue.TryParse(header, out RetryConditionHeaderValue? asked) && asked.Delta is { } delta ? delta
            : status?.Details?.RetryAfterSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    private static V1Status? StatusOf(HttpOperationException failure)
    {
        try
        {
            return failure.Response.Content is { Length: > 0 } content && content.TrimStart().StartsWith('{')
                ? KubernetesJson.Deserialize<V1Status>(content)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Says(V1Status? status, string? content)
    {
        string text = (status?.Message ?? (status is null ? content : null) ?? "").ReplaceLineEndings(" ").Trim();
        return text.Length == 0 ? "" : $": {(text.Length > LongestExcerpt ? text[..LongestExcerpt] + "…" : text)}";
    }

    private static string Causes(V1Status? status) => status?.Details?.Causes is { Count: > 0 } causes
        ? $" [{string.Join("; ", causes.Select(c => $"{c.Field}: {c.Message}"))}]"
        : "";
}
