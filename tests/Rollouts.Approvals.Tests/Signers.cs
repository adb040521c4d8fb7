using Rollouts.Approvals.Links;
using Rollouts.Approvals.Settings;

namespace Rollouts.Approvals.Tests;

internal static class Signers
{
    public static readonly LinkKeySettings First = new() { Id = "k1", Secret = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]) };

    public static readonly LinkKeySettings Second = new() { Id = "k2", Secret = Convert.ToBase64String([.. Enumerable.Range(101, 32).Select(i => (byte)i)]) };

    public static LinkSigner Of(TimeProvider time, params LinkKeySettings[] keys) =>
        new(new LinkSettings { PublicAddress = "https://rollouts.example.com/", Keys = keys.Length == 0 ? [First] : keys }, time);
}
