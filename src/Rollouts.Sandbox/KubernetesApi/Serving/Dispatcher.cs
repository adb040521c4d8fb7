using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Rollouts.Sandbox.KubernetesApi.Access;
using Rollouts.Sandbox.KubernetesApi.Faults;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>The way of every call: who is it, may they, does a fault hit it, and then to its handler.</summary>
internal sealed class Dispatcher(
    KindTable kinds, Authenticator authenticator, Authorizer authorizer, CallLog calls, KubernetesFaults faults, ResourceHandler resources,
    TimeProvider time, CancellationToken stopping)
{
    private readonly PlainPaths plain = new(kinds);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (ApiFailure failure)
        {
            await context.Response.WriteAsync(failure);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await context.Response.WriteAsync(ApiFailure.Injected(500, "InternalError", $"Internal error occurred: {e.GetType().Name}: {e.Message}", null));
        }

        // Where the answer went to nowhere, the caller shall not even see its end.
        if (context.Response.Body == Stream.Null)
        {
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var user = authenticator.Identify(context.Request);
        if (ApiRequest.Read(context.Request, kinds) is not { } request)
        {
            var path = "/" + (context.Request.Path.Value ?? "").Trim('/');
            Authorizer.RequirePath(user, context.Request.Method.ToLowerInvariant(), path);
            await plain.AnswerAsync(path, context.Response);
            return;
        }

        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed.MediaType.Value ?? "" : "";
        var call = new KubernetesCall(request.Verb, request.Kind.Plural, request.StoredNamespace, request.Name, request.Subresource, user.Name, type);
        calls.Add(call);
        authorizer.Require(user, request, request.Verb);
        if (request.NotServed is { } failure)
        {
            throw failure;
        }

        if (await MeetAsync(faults.Take(call), context))
        {
            return;
        }

        var body = call.IsWrite ? await RequestBody.ReadAsync(context.Request, type, context.RequestAborted) : new(type, default);
        await resources.HandleAsync(request, body, context.Response, () => authorizer.Require(user, request, "create"));
    }

    /// <returns>Whether that was all that happens to the call.</returns>
    private async Task<bool> MeetAsync(KubernetesFault? fault, HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        switch (fault)
        {
            case KubernetesFault.Refused refused:
                throw ApiFailure.Injected(refused.Code, refused.Reason, refused.Message, refused.RetryAfterSeconds);
            case KubernetesFault.Closed { Performed: false }:
                context.Abort();
                return true;
            case KubernetesFault.Closed:
                context.Response.Body = Stream.Null;
                return false;
            case KubernetesFault.Waits waits:
                await Task.Delay(waits.Time, time, end.Token);
                return false;
            case KubernetesFault.Preceded preceded:
                await preceded.Action(end.Token);
                return false;
            default:
                return false;
        }
    }
}
