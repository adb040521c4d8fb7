using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rollouts.Prometheus.Tests;

public sealed class CertificateTests : IDisposable
{
    private const string One = """{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}""";

    private readonly string directory = Directory.CreateTempSubdirectory("rollouts-prometheus-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task QueryAsync_CertificateOfTheAuthorityInCaFile_IsTrusted()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(IPAddress.Loopback);
        await using PrometheusStub stub = await StartAsync(certificate);

        PrometheusProvider provider = Providers.For(new PrometheusAddress { Address = stub.Address, CaFile = WriteFile(authority.Pem) });

        Assert.Equal("1", (await provider.AskAsync(Providers.Query())).Value.ToString());
    }

    [Fact]
    public async Task QueryAsync_CertificateOfAnotherAuthority_IsRefused()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(IPAddress.Loopback);
        await using PrometheusStub stub = await StartAsync(certificate);

        foreach (PrometheusAddress address in new[]
        {
            new PrometheusAddress { Address = stub.Address },
            new PrometheusAddress { Address = stub.Address, CaFile = WriteFile(other.Pem) },
        })
        {
            PortException failure = await Providers.For(address).FailAsync(Providers.Query());
            Assert.Contains("certificate", failure.Message);
            Assert.Contains("CaFile in Prometheus:Addresses", failure.Message);
        }

        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task QueryAsync_CertificateForAnotherName_IsRefused()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(IPAddress.Parse("127.0.0.2"));
        await using PrometheusStub stub = await StartAsync(certificate);

        PortException failure = await Providers.For(new PrometheusAddress { Address = stub.Address, CaFile = WriteFile(authority.Pem) })
            .FailAsync(Providers.Query());

        Assert.Contains("RemoteCertificateNameMismatch", failure.Message);
    }

    private static Task<PrometheusStub> StartAsync(X509Certificate2 certificate) => PrometheusStub.StartAsync(
        async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(One));
        },
        certificate);

    private string WriteFile(string content)
    {
        string file = Path.Combine(directory, Path.GetRandomFileName());
        File.WriteAllText(file, content);
        return file;
    }
}

/// <summary>A certificate authority that lives as long as a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 certificate;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public string Pem => certificate.ExportCertificatePem();

    public X509Certificate2 Issue(IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 issued = request.Create(
            certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    public void Dispose() => certificate.Dispose();
}
