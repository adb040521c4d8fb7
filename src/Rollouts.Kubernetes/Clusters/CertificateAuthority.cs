using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rollouts.Kubernetes.Clusters;

/// <summary>Reads the certificates that a cluster's own certificate is checked against.</summary>
internal static class CertificateAuthority
{
    private const string PemStart = "-----BEGIN";

    /// <param name="cluster">For the messages.</param>
    /// <param name="file">A PEM file.</param>
    /// <param name="data">PEM, or base64 of PEM as in a kubeconfig.</param>
    /// <returns>The certificates; null when neither is given.</returns>
    /// <exception cref="PortException">Kind Invalid: both are given, or what is given holds no certificate.</exception>
    public static X509Certificate2Collection? Read(string cluster, string? file, string? data)
    {
        if (!string.IsNullOrWhiteSpace(file) && !string.IsNullOrWhiteSpace(data))
        {
            throw Invalid($"{cluster}: CertificateAuthorityFile and CertificateAuthorityData are both set; give one");
        }

        X509Certificate2Collection certificates = [];
        try
        {
            if (!string.IsNullOrWhiteSpace(file))
            {
                certificates.ImportFromPemFile(file);
                return certificates.Count > 0 ? certificates : throw Invalid($"{cluster}: CertificateAuthorityFile {file} holds no certificate in PEM form");
            }

            if (!string.IsNullOrWhiteSpace(data))
            {
                certificates.ImportFromPem(data.Contains(PemStart, StringComparison.Ordinal) ? data : Encoding.UTF8.GetString(Convert.FromBase64String(data.Trim())));
                return certificates.Count > 0 ? certificates : throw Invalid($"{cluster}: CertificateAuthorityData holds no certificate in PEM form");
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"{cluster}: CertificateAuthorityFile can't be read: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is FormatException or CryptographicException)
        {
            throw Invalid($"{cluster}: the certificate authority is neither PEM nor base64 of PEM: {problem.Message}", problem);
        }

        return null;
    }

    private static PortException Invalid(string message, Exception? inner = null) => new(FailureKind.Invalid, message, inner);
}
