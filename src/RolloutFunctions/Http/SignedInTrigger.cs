using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using RolloutFunctions.Engine;

namespace RolloutFunctions.Http;

/// <summary>Open at the host, because the host knows function keys only; every handler behind it asks for a principal first, and is closed without.</summary>
public sealed class SignedInTrigger(SignedInSite site, DurableEngines engines)
{
    [Function("SignedIn")]
    public Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "app/{*path}")] HttpRequest request, [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        return site.ServeAsync(request.HttpContext, engines.For(client));
    }
}
