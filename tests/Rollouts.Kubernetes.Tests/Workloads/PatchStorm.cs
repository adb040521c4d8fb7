using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Another client that patches the objects of the rollout <c>shop</c> 20 times a second, unconditionally.</summary>
internal static class PatchStorm
{
    /// <returns>How many patches the server took.</returns>
    public static async Task<int> RunAsync(k8s.Kubernetes client, string @namespace, CancellationToken until)
    {
        int taken = 0;
        for (int number = 1; !until.IsCancellationRequested; number++)
        {
            V1Patch patch = new($$$"""{"metadata":{"annotations":{"storm":"{{{number}}}"}} }""", V1Patch.PatchType.MergePatch);
            Func<Task>[] sends =
            [
                () => client.PatchNamespacedDeploymentAsync(patch, "shop", @namespace),
                () => client.PatchNamespacedDeploymentAsync(patch, "shop-canary", @namespace),
                () => client.PatchNamespacedServiceAsync(patch, "shop-stable", @namespace),
                () => client.PatchNamespacedServiceAsync(patch, "shop-canary", @namespace),
                () => client.PatchNamespacedIngressAsync(patch, "shop-shop-canary", @namespace),
            ];
            foreach (Func<Task> send in sends)
            {
                try
                {
                    await send();
                    taken++;
                }
                catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
                {
                    // The server itself tries an unconditional patch only so often, and the canary is not always there.
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return taken;
    }
}
