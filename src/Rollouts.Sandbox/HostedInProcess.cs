using Microsoft.Extensions.Hosting;

namespace Rollouts.Sandbox;

/// <summary>
/// The lifetime of a web host that runs inside another program: Ctrl-C and SIGTERM stay that program's own. The default
/// lifetime takes them, and the program would not end.
/// </summary>
internal sealed class HostedInProcess : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
