using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace RolloutFunctions.Http;

/// <summary>Open to everybody: tells that the app is up, and nothing else.</summary>
public static class HealthTrigger
{
    [Function("Healthz")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "healthz")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Results.Text("ok");
    }
}
