using System.Net;
using System.Net.Sockets;

namespace Rollouts.Sandbox.Processes;

/// <summary>Free TCP ports on 127.0.0.1 for programs that must be told their port.</summary>
/// <remarks>
/// They are taken from below the range that Linux gives to outgoing connections (32768 and up), so that a server that is
/// stopped and started again, as Prometheus is to show an outage, finds its port still free.
/// </remarks>
public static class LoopbackPorts
{
    private const int First = 20_000;
    private const int Last = 32_767;

    private static readonly HashSet<int> Given = [];
    private static readonly Lock Gate = new();

    /// <summary>A port that nobody listens on and that this process has not given out before.</summary>
    public static int Take()
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(First, Last + 1);
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No free TCP port on 127.0.0.1 between {First} and {Last} after 1000 attempts.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
