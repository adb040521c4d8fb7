using System.Net;
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
        return code switch
        {
            HttpStatusCode.Unauthorized =>
                new(FailureKind.Forbidden, $"unauthorized: the cluster does not accept the credentials (needs {request.Right}){says}", failure),
            HttpStatusCode.Forbidden =>
                new(FailureKind.Forbidden, $"forbidden: needs {request.Right}{says}", failure),
            HttpStatusCode.NotFound => NotFound(request, status, failure),
            HttpStatusCode.Conflict =>
                new(FailureKind.Transient, $"conflict: {request.Subject} was changed by somebody else{says}", failure),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Gone or >= HttpStatusCode.InternalServerError =>
                new(FailureKind.Transient, $"cannot {request.Verb} {request.Subject}: the API server answered {(int)code}{says}", failure),
            _ => new(FailureKind.Invalid, $"cannot {request.Verb} {request.Subject}: the API server refuses it ({(int)code}){says}{Causes(status)}", failure),
        };
    }

    /// <summary>Whether a 404 is a Kubernetes API's word on this object, not that of some other server or of an API that lacks the resource.</summary>
    public static bool IsMissingObject(HttpOperationException failure) => StatusOf(failure) is { Reason: "NotFound", Details.Name: { Length: > 0 } };

    private static PortException NotFound(KubernetesRequest request, V1Status? status, HttpOperationException failure) => status switch
    {
        { Details: { Kind: "namespaces", Name: { Length: > 0 } name } } =>
            new(FailureKind.NotFound, $"namespace `{name}` not found (for {request.Subject})", failure),
        { Details.Name: { Length: > 0 } } =>
            new(FailureKind.NotFound, $"{request.Subject} not found", failure),
        _ => new(
            FailureKind.NotFound,
            $"cannot {request.Verb} {request.Subject}: the address answers 404, so it is no Kubernetes API or one without {request.Resource.Plural}",
            failure),
    };

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
