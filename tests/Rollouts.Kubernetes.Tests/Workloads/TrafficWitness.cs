using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Watches from outside what users would get, many times a second, while a release goes on.</summary>
internal sealed class TrafficWitness : IAsyncDisposable
{
    private readonly k8s.Kubernetes client;
    private readonly string @namespace;
    private readonly CancellationTokenSource stopping = new();
    private readonly List<int> weights = [0];
    private readonly List<string> faults = [];
    private readonly Task watching;

    public TrafficWitness(k8s.Kubernetes client, string @namespace)
    {
        (this.client, this.@namespace) = (client, @namespace);
        watching = Task.Run(WatchAsync);
    }

    /// <summary>The canary's weights, each change once.</summary>
    public IReadOnlyList<int> Weights => [.. weights];

    /// <summary>Moments at which users' requests could have met nobody, or too few.</summary>
    public IReadOnlyList<string> Faults => [.. faults];

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching;
        stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            int before = await WeightAsync();
            int canary = await EndpointsAsync("shop-canary");
            int stable = await EndpointsAsync("shop-stable");
            int after = await WeightAsync();

            // What was seen between two equal weights was so under that weight.
            if (before == after)
            {
                See(after, canary, stable);
            }

            await Task.Delay(30);
        }
    }

    private void See(int weight, int canary, int stable)
    {
        if (weight != weights[^1])
        {
            weights.Add(weight);
        }

        if (weight > 0 && canary == 0)
        {
            faults.Add($"weight {weight} and no canary pod behind its Service");
        }

        if (weight is > 0 and < 100 && stable == 0)
        {
            faults.Add($"weight {weight} and no stable pod behind its Service");
        }

        if (weight == 0 && stable == 0 && weights.Count > 1)
        {
            faults.Add("weight 0 and no stable pod behind its Service");
        }
    }

    private async Task<int> WeightAsync()
    {
        try
        {
            V1Ingress ingress = await client.ReadNamespacedIngressAsync("shop-shop-canary", @namespace);
            return int.Parse(ingress.GetAnnotation("nginx.ingress.kubernetes.io/canary-weight"));
        }
        catch (HttpOperationException)
        {
            return 0; // There is none yet.
        }
    }

    private async Task<int> EndpointsAsync(string service)
    {
        try
        {
            V1Endpoints endpoints = await client.ReadNamespacedEndpointsAsync(service, @namespace);
            return (endpoints.Subsets ?? []).Sum(s => s.Addresses?.Count ?? 0);
        }
        catch (HttpOperationException)
        {
            return 0; // Their controller has not got to the Service yet.
        }
    }
}
