using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rollouts.Outbound;

/// <summary>Trust in the authorities of a PEM file and no others. Names and validity are checked as always.</summary>
internal static class CertificateAuthorities
{
    /// <exception cref="CryptographicException">There is no certificate in the file.</exception>
    public static X509ChainPolicy Read(string file)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy.CustomTrustStore.Count > 0 ? policy : throw new CryptographicException("there is no certificate in it");
    }
}
