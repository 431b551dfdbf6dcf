console.log('pmcp-deploy');
