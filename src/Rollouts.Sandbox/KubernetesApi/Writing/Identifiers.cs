using System.Security.Cryptography;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>Identifiers that the server gives.</summary>
internal static class Identifiers
{
    // Without vowels and look-alikes, so that no word comes out.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Uid()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    public static string NameAfter(string prefix) => prefix[..Math.Min(prefix.Length, 58)] + RandomNumberGenerator.GetString(Alphabet, 5);
}
