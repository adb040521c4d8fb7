using System.Net;
using System.Runtime.Serialization;
using System.Text.Json;
using Azure.Identity;
using k8s.Autorest;

namespace Rollouts.Kubernetes.Requests;

/// <summary>Sends requests to an API server, each bounded in time, and turns every failure into a <see cref="PortException"/>.</summary>
internal sealed class KubernetesRequests(TimeSpan timeout, TimeProvider time)
{
    /// <summary>Sends one request.</summary>
    /// <param name="request">What is asked, for the messages.</param>
    /// <param name="send">Asks it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="absent">Statuses for which the answer is null instead of an exception.</param>
    /// <exception cref="PortException">The server refused, or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<T?> SendAsync<T>(
        KubernetesRequest request,
        Func<CancellationToken, Task<HttpOperationResponse<T>>> send,
        CancellationToken cancellationToken,
        params HttpStatusCode[] absent)
        where T : class =>
        SendAsync(request, send, failure => absent.Contains(failure.Response.StatusCode) && IsAbout(failure), cancellationToken);

    /// <summary>Sends one request; <paramref name="isAbsent"/> says for which refusals the answer is null instead of an exception.</summary>
    /// <exception cref="PortException">The server refused, or did not answer in time.</exception>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<T?> SendAsync<T>(
        KubernetesRequest request,
        Func<CancellationToken, Task<HttpOperationResponse<T>>> send,
        Func<HttpOperationException, bool> isAbsent,
        CancellationToken cancellationToken)
        where T : class
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using HttpOperationResponse<T> response = await send(either.Token).ConfigureAwait(false);
            return response.Body ?? throw Transient(request, "the API server's answer is empty", null);
        }
        catch (HttpOperationException failure) when (isAbsent(failure))
        {
            return null;
        }
        catch (HttpOperationException failure)
        {
            throw KubernetesFailure.From(request, failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Transient(request, $"no answer within {timeout.TotalSeconds:0.###} s", failure);
        }
        catch (AuthenticationFailedException failure)
        {
            throw new PortException(
                FailureKind.Forbidden, $"unauthorized: no token for the cluster could be had (needs {request.Right}): {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException or SerializationException)
        {
            throw Transient(request, failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message, failure);
        }
    }

    private static bool IsAbout(HttpOperationException failure) =>
        failure.Response.StatusCode != HttpStatusCode.NotFound || KubernetesFailure.IsMissingObject(failure);

    private static PortException Transient(KubernetesRequest request, string why, Exception? inner) =>
        new(FailureKind.Transient, $"cannot {request.Verb} {request.Subject}: {why}", inner);
}
